package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BenchReportTest {
    private static Map<String, BenchReport.Value> job(double latency, double rate) {
        return Map.of("lat:8", new BenchReport.Value("ns", latency),
                "rate:8", new BenchReport.Value("messages/s", rate));
    }

    @Test
    void ratioIsTheMedianOverPairsOfJobs() throws Exception {
        BenchReport report = new BenchReport(2);
        report.ours(job(100, 10));
        report.theirs(job(200, 10));
        report.ours(job(900, 30));
        report.theirs(job(1000, 10));
        report.ours(job(70, 20));
        report.theirs(job(100, 10));
        String json = report.json();
        assertTrue(json.contains("\"lat:8\": {\"unit\": \"ns\", \"ours\": [100.0, 900.0, 70.0], "
                + "\"openMpi\": [200.0, 1000.0, 100.0], \"ratio\": 0.700}"), json);
        assertTrue(json.contains("\"ratio\": 2.000"), json);
        String table = report.table();
        assertTrue(table.lines().anyMatch(
                line -> line.matches("lat:8 +ns +100\\.0 +200\\.0 +0\\.70 +<= 0\\.75 *")), table);
        assertTrue(table.lines().anyMatch(
                line -> line.matches("rate:8 +messages/s +20\\.0 +10\\.0 +2\\.00 +>= 1\\.5 *")), table);
    }

    @Test
    void saysWhichBarWasMissed() throws Exception {
        BenchReport report = new BenchReport(2);
        report.ours(job(100, 10));
        report.theirs(job(100, 10));
        String table = report.table();
        assertTrue(table.lines().anyMatch(line -> line.matches("lat:8 .*<= 0\\.75  MISSED *")), table);
        assertTrue(table.lines().anyMatch(line -> line.matches("rate:8 .*>= 1\\.5  MISSED *")), table);
    }

    @Test
    void withoutPeerThereIsNoRatio() throws Exception {
        BenchReport report = new BenchReport(2);
        report.ours(Map.of("raw", new BenchReport.Value("ns", 50)));
        report.ours(job(100, 10));
        assertFalse(report.json().contains("ratio"));
        assertFalse(report.table().contains("Open MPI"));
        assertTrue(report.table().contains("lat:8 / raw = 2.00, bar <= 1.6  MISSED"), report.table());
    }
}
