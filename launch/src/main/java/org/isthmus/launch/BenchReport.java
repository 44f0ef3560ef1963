package org.isthmus.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The values of a benchmark's jobs, ours and Open MPI's in pairs, and their table. */
final class BenchReport {
    /** What a job measured; units that end in "/s" are the better the higher. */
    record Value(String unit, double value) {}

    /**
     * What this project wants to reach on a machine with 2 cores.
     *
     * @param times for these numbers of ranks
     * @param ratio ours / Open MPI: at most that for times, at least for rates
     */
    private record Bar(List<Integer> ranks, String metric, double ratio) {}

    /** lat:8 may take at most so many times the raw hand-over of a cache line. */
    private static final double RAW_BAR = 1.6;
    private static final String RAW = "raw";
    private static final String LATENCY = "lat:8";

    private static final List<Bar> BARS = List.of(
            new Bar(List.of(2), "lat:8", 0.75),
            new Bar(List.of(2), "lat:65536", 0.8),
            new Bar(List.of(2), "heaplat:65536", 1.2),
            new Bar(List.of(2), "rate:8", 1.5),
            new Bar(List.of(2), "bw:8192", 1.5),
            new Bar(List.of(2), "bw:65536", 1.0),
            new Bar(List.of(2), "bw:1048576", 1.0),
            new Bar(List.of(2), "put:8", 1.0),
            new Bar(List.of(2), "get:8", 1.0),
            new Bar(List.of(2), "fetchandop", 1.0),
            new Bar(List.of(2, 8), "allreduce:1", 1.0),
            new Bar(List.of(2, 8), "barrier", 1.0),
            new Bar(List.of(4), "filewrite:4096", 1.0),
            new Bar(List.of(4), "filewrite:65536", 1.0),
            new Bar(List.of(4), "filewrite:268435456", 1.0),
            new Bar(List.of(4), "fileread:4096", 1.0),
            new Bar(List.of(4), "fileread:65536", 1.0),
            new Bar(List.of(4), "fileread:268435456", 1.0),
            new Bar(List.of(8), "allreduce:8192", 1.0),
            new Bar(List.of(8), "alltoall:64", 1.0),
            new Bar(List.of(32), "allreduce:1", 0.7),
            new Bar(List.of(32), "barrier", 0.7),
            new Bar(List.of(32), "allreduce:8192", 0.7),
            new Bar(List.of(32), "alltoall:64", 0.7));

    private final int ranks;
    private final Map<String, String> units = new LinkedHashMap<>();
    private final Map<String, List<Double>> ours = new LinkedHashMap<>();
    private final Map<String, List<Double>> theirs = new LinkedHashMap<>();

    BenchReport(int ranks) {
        this.ranks = ranks;
    }

    void ours(Map<String, Value> job) {
        add(job, ours);
    }

    void theirs(Map<String, Value> job) {
        add(job, theirs);
    }

    private void add(Map<String, Value> job, Map<String, List<Double>> to) {
        job.forEach((metric, value) -> {
            units.put(metric, value.unit);
            to.computeIfAbsent(metric, key -> new ArrayList<>()).add(value.value);
        });
    }

    String table() throws IOException {
        StringBuilder text = new StringBuilder();
        machine(ranks).forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        boolean compared = !theirs.isEmpty();
        text.append(String.format(Locale.ROOT, "%n%-20s %-10s %14s", "metric", "unit", "ours"));
        text.append(compared ? String.format("%16s %8s  %-20s%n", "Open MPI (C)", "ratio", "bar") : "\n");
        for (String metric : units.keySet()) {
            text.append(String.format(Locale.ROOT, "%-20s %-10s %,14.1f", metric, units.get(metric),
                    median(ours.get(metric))));
            if (theirs.containsKey(metric)) {
                text.append(String.format(Locale.ROOT, "%,16.1f %8.2f  %-20s", median(theirs.get(metric)),
                        ratio(metric), bar(metric)));
            }
            text.append('\n');
        }
        if (ranks == 2 && ours.containsKey(RAW) && ours.containsKey(LATENCY)) {
            double ratio = medianRatio(ours.get(LATENCY), ours.get(RAW));
            text.append(String.format(Locale.ROOT, "%n%s / %s = %.2f, bar <= %.1f%s%n", LATENCY, RAW, ratio, RAW_BAR,
                    ratio <= RAW_BAR ? "" : "  MISSED"));
        }
        if (compared) {
            text.append("\nratio = ours / Open MPI: times (ns, ms) are the better the lower, rates (/s) the higher\n");
        }
        return text.toString();
    }

    String json() throws IOException {
        List<String> rows = new ArrayList<>();
        for (String metric : units.keySet()) {
            List<String> fields = new ArrayList<>();
            fields.add("\"unit\": " + quoted(units.get(metric)));
            fields.add("\"ours\": " + ours.get(metric));
            if (theirs.containsKey(metric)) {
                fields.add("\"openMpi\": " + theirs.get(metric));
                fields.add(String.format(Locale.ROOT, "\"ratio\": %.3f", ratio(metric)));
            }
            rows.add("  " + quoted(metric) + ": {" + String.join(", ", fields) + "}");
        }
        String machine = machine(ranks).entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + ": " + quoted(entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
        return "{\"machine\": " + machine + ",\n \"metrics\": {\n" + String.join(",\n", rows) + "\n }}\n";
    }

    private double ratio(String metric) {
        return medianRatio(ours.get(metric), theirs.get(metric));
    }

    /** Median over the pairs of jobs: what slows the machine down for a while slows both of a pair down. */
    static double medianRatio(List<Double> above, List<Double> below) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < below.size(); i++) {
            ratios.add(above.get(i) / below.get(i));
        }
        return median(ratios);
    }

    private String bar(String metric) {
        for (Bar bar : BARS) {
            if (bar.metric.equals(metric) && bar.ranks.contains(ranks)) {
                boolean high = units.get(metric).endsWith("/s");
                boolean reached = high ? ratio(metric) >= bar.ratio : ratio(metric) <= bar.ratio;
                return (high ? ">= " : "<= ") + bar.ratio + (reached ? "" : "  MISSED");
            }
        }
        return "";
    }

    private static Map<String, String> machine(int ranks) throws IOException {
        Map<String, String> machine = machine();
        machine.put("ranks", Integer.toString(ranks));
        return machine;
    }

    /** What figures of today are measured on. */
    static Map<String, String> machine() throws IOException {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("cpu", processor());
        machine.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        machine.put("jdk", Runtime.version().toString());
        machine.put("isthmus", IsthmusCommand.version());
        machine.put("date", LocalDate.now().toString());
        return machine;
    }

    private static String processor() throws IOException {
        Path information = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(information)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(information).stream().filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
