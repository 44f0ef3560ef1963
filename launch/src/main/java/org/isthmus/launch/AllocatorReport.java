package org.isthmus.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The values of {@code isthmus bench allocator} and their table. The first rival is ours. */
final class AllocatorReport {
    private static final String CALL = "call";
    private static final String ABSENT = "absent";
    private static final String PERCENT = "percent";
    private static final String MIMALLOC = "mimalloc";
    private static final String CAS_LIST = "caslist";

    /**
     * What this project wants to reach.
     *
     * @param gross mimalloc's time / ours, at least; 0 for no bar
     * @param net the same without mimalloc's downcalls
     * @param casList the compare-and-set list's time / ours
     */
    private record Bar(double gross, double net, double casList) {}

    private static final Map<String, Bar> BARS = new HashMap<>();
    private static final Map<String, Double> MOST_WASTE = Map.of("frag-power", 0.0, "frag-log", 11.0);
    /** A block between processes costs at most that many times what it costs between threads. */
    private static final double PROCESS_BAR = 1.3;

    static {
        BARS.put("local-random", new Bar(2, 1.2, 0));
        BARS.put("local-lifo", new Bar(1.2, 0.5, 0));
        for (String kind : List.of("64", "4096", "mixed")) {
            BARS.put("prodcons-" + kind, new Bar(1.5, 0, 0));
            BARS.put("process-" + kind, new Bar(0, 0, 3));
        }
        for (String workload : List.of("larson", "sh8bench", "c7-1m", "c6-1m", "mixed-1m")) {
            BARS.put(workload, new Bar(1.2, 0, 0));
        }
        BARS.put("large", new Bar(3, 0, 0));
        BARS.put("big", new Bar(3, 0, 0));
    }

    /** Values of one workload, by rival. */
    private static final class Row {
        String unit = "";
        final Map<String, List<Double>> gross = new LinkedHashMap<>();
        final Map<String, List<Double>> net = new LinkedHashMap<>();
    }

    private final List<String> rivals;
    private final Set<String> absent = new HashSet<>();
    private final Map<String, Row> rows = new LinkedHashMap<>();

    AllocatorReport(List<String> rivals) {
        this.rivals = List.copyOf(rivals);
    }

    /** Whether a rival has said that it is not installed. */
    boolean isAbsent(String rival) {
        return absent.contains(rival);
    }

    /** Takes in what a process printed. */
    void add(String rival, String workload, Map<String, BenchReport.Value> values) {
        if (values.containsKey(ABSENT)) {
            absent.add(rival);
        }
        Row row = rows.computeIfAbsent(workload, key -> new Row());
        BenchReport.Value value = values.get(workload);
        if (value == null) {
            return;
        }
        row.unit = value.unit();
        row.gross.computeIfAbsent(rival, key -> new ArrayList<>()).add(value.value());
        double call = values.containsKey(CALL) ? values.get(CALL).value() : 0;
        int calls = value.unit().equals(PERCENT) ? 0 : value.unit().endsWith("/pair") ? 2 : 1;
        row.net.computeIfAbsent(rival, key -> new ArrayList<>()).add(Math.max(0, value.value() - calls * call));
    }

    String table() throws IOException {
        StringBuilder text = new StringBuilder();
        BenchReport.machine().forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        text.append(String.format("%n%-15s %-9s", "workload", "unit"));
        rivals.forEach(rival -> text.append(String.format("%20s", rival)));
        text.append(String.format("  %-14s  %s%n", "mimalloc/ours", "bars"));
        for (String workload : rows.keySet()) {
            Row row = rows.get(workload);
            text.append(String.format("%-15s %-9s", workload, row.unit));
            rivals.forEach(rival -> text.append(String.format("%20s", cell(row, rival))));
            text.append(String.format("  %-14s  %s", ratios(row), bars(workload, row)).stripTrailing()).append('\n');
        }
        for (String rival : rivals) {
            if (isAbsent(rival)) {
                text.append(rival).append(" is not installed here (the package is named above)\n");
            }
        }
        text.append("\nnumbers: gross, and (net) of empty downcalls where the allocator is in C; - : cannot do it\n");
        return text.toString();
    }

    String json() throws IOException {
        List<String> machine = new ArrayList<>();
        BenchReport.machine().forEach(
                (name, value) -> machine.add(BenchReport.quoted(name) + ": " + BenchReport.quoted(value)));
        List<String> lines = new ArrayList<>();
        rows.forEach((workload, row) -> {
            List<String> fields = new ArrayList<>(List.of("\"unit\": " + BenchReport.quoted(row.unit)));
            row.gross.forEach((rival, values) -> fields.add(BenchReport.quoted(rival) + ": {\"gross\": " + values
                    + ", \"net\": " + row.net.get(rival) + "}"));
            lines.add("  " + BenchReport.quoted(workload) + ": {" + String.join(", ", fields) + "}");
        });
        return "{\"machine\": {" + String.join(", ", machine) + "},\n \"absent\": "
                + absent.stream().sorted().map(BenchReport::quoted).toList() + ",\n \"workloads\": {\n"
                + String.join(",\n", lines) + "\n }}\n";
    }

    private String cell(Row row, String rival) {
        if (!row.gross.containsKey(rival)) {
            return isAbsent(rival) ? "absent" : "-";
        }
        double gross = BenchReport.median(row.gross.get(rival));
        double net = BenchReport.median(row.net.get(rival));
        return net == gross ? String.format(Locale.ROOT, "%.1f", gross)
                : String.format(Locale.ROOT, "%.1f (%.1f)", gross, net);
    }

    private String ratios(Row row) {
        return row.unit.equals(PERCENT) || ratio(row.gross, MIMALLOC) == 0 ? ""
                : String.format(Locale.ROOT, "%.2f (%.2f)", ratio(row.gross, MIMALLOC), ratio(row.net, MIMALLOC));
    }

    /** Their times / ours, median over the pairs; 0 if one of both was not measured. */
    private double ratio(Map<String, List<Double>> values, String rival) {
        List<Double> ours = values.get(rivals.getFirst());
        List<Double> theirs = values.get(rival);
        return ours == null || theirs == null || ours.size() != theirs.size() ? 0
                : BenchReport.medianRatio(theirs, ours);
    }

    private String bars(String workload, Row row) {
        List<String> parts = new ArrayList<>();
        Bar bar = BARS.getOrDefault(workload, new Bar(0, 0, 0));
        addBar(parts, "gross", bar.gross, ratio(row.gross, MIMALLOC));
        addBar(parts, "net", bar.net, ratio(row.net, MIMALLOC));
        addBar(parts, "caslist/ours", bar.casList, ratio(row.gross, CAS_LIST));
        List<Double> ours = row.gross.get(rivals.getFirst());
        Row threads = rows.get(workload.replace("process-", "prodcons-"));
        if (ours != null && workload.startsWith("process-") && threads != null
                && threads.gross.containsKey(rivals.getFirst())) {
            addLimit(parts, "x threads", PROCESS_BAR,
                    BenchReport.median(ours) / BenchReport.median(threads.gross.get(rivals.getFirst())));
        }
        if (ours != null && MOST_WASTE.containsKey(workload)) {
            addLimit(parts, "percent", MOST_WASTE.get(workload), BenchReport.median(ours));
        }
        return String.join(", ", parts);
    }

    private static void addBar(List<String> parts, String what, double least, double value) {
        if (least > 0 && value > 0) {
            parts.add(String.format(Locale.ROOT, "%s >= %.1f%s", what, least, value >= least ? "" : " MISSED"));
        }
    }

    private static void addLimit(List<String> parts, String what, double most, double value) {
        parts.add(String.format(Locale.ROOT, "%.2f %s <= %.1f%s", value, what, most, value <= most ? "" : " MISSED"));
    }
}
