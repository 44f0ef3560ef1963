package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AllocatorReportTest {
    private final AllocatorReport report = new AllocatorReport(List.of("isthmus", "caslist", "mimalloc", "jemalloc"));

    private static Map<String, BenchReport.Value> value(String workload, String unit, double value) {
        return Map.of(workload, new BenchReport.Value(unit, value));
    }

    private static Map<String, BenchReport.Value> fromC(String workload, String unit, double value, double call) {
        return Map.of(workload, new BenchReport.Value(unit, value), "call", new BenchReport.Value("ns", call));
    }

    private void assertRow(String regex) throws Exception {
        String table = report.table();
        assertTrue(table.lines().anyMatch(line -> line.matches(regex)), table);
    }

    @Test
    void ratiosAreGrossAndNetOfTwoCallsForAPair() throws Exception {
        report.add("isthmus", "local-random", value("local-random", "ns/pair", 6));
        report.add("mimalloc", "local-random", fromC("local-random", "ns/pair", 18, 4));
        assertRow("local-random +ns/pair +6\\.0 +- +18\\.0 \\(10\\.0\\) +- +3\\.00 \\(1\\.67\\) +gross >= 2\\.0, net "
                + ">= 1\\.2");
        assertTrue(report.json().contains("\"mimalloc\": {\"gross\": [18.0], \"net\": [10.0]}"), report.json());
    }

    @Test
    void missedBarsAreNamed() throws Exception {
        report.add("isthmus", "prodcons-64", value("prodcons-64", "ns/block", 30));
        report.add("mimalloc", "prodcons-64", fromC("prodcons-64", "ns/block", 36, 4));
        report.add("isthmus", "process-64", value("process-64", "ns/block", 45));
        report.add("caslist", "process-64", value("process-64", "ns/block", 90));
        report.add("isthmus", "frag-log", value("frag-log", "percent", 12));
        assertRow("prodcons-64 .* 1\\.20 \\(1\\.07\\) +gross >= 1\\.5 MISSED");
        assertRow("process-64 .* caslist/ours >= 3\\.0 MISSED, 1\\.50 x threads <= 1\\.3 MISSED");
        assertRow("frag-log .* 12\\.00 percent <= 11\\.0 MISSED");
    }

    @Test
    void whatIsNotInstalledIsARowThatSaysSo() throws Exception {
        report.add("isthmus", "larson", value("larson", "ns/pair", 20));
        report.add("caslist", "larson", Map.of("unable", new BenchReport.Value("-", 1)));
        report.add("jemalloc", "larson", Map.of("absent", new BenchReport.Value("-", 1)));
        assertTrue(report.isAbsent("jemalloc"));
        assertFalse(report.isAbsent("caslist"));
        assertRow("larson +ns/pair +20\\.0 +- +- +absent");
        assertRow("jemalloc is not installed here.*");
    }

    @Test
    void unknownWorkloadsAreRefusedWithTheNearest() {
        UsageException e = assertThrows(UsageException.class,
                () -> AllocatorBench.run(List.of("--workloads", "larsson")));
        assertTrue(e.getMessage().contains("did you mean larson?"), e.getMessage());
        assertThrows(UsageException.class, () -> AllocatorBench.run(List.of("more")));
        assertEquals(0, AllocatorBench.help().indexOf("Usage: isthmus bench allocator"));
    }
}
