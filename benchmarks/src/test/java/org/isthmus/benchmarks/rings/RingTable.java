package org.isthmus.benchmarks.rings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The figures of a comparison: medians as a table, all of them as JSON. */
final class RingTable {
    private static final double NANOS_PER_MICRO = 1000;

    /** What was measured together, so that a best can be told; ordered as printed. */
    private record Cell(String mode, int bytes, int depth) implements Comparable<Cell> {
        @Override
        public int compareTo(Cell other) {
            int order = mode.compareTo(other.mode);
            order = order != 0 ? order : Integer.compare(bytes, other.bytes);
            return order != 0 ? order : Integer.compare(depth, other.depth);
        }
    }

    private final String machine;
    private final Map<Cell, Map<String, List<Double>>> nanos = new TreeMap<>();

    /** @param machine lines that say what the figures were measured on */
    RingTable(String machine) {
        this.machine = machine;
    }

    void add(String mode, int bytes, int depth, String subject, double value) {
        nanos.computeIfAbsent(new Cell(mode, bytes, depth), cell -> new LinkedHashMap<>())
                .computeIfAbsent(subject, name -> new ArrayList<>()).add(value);
    }

    /** Ratio is ns / ns of the best queue in the same mode, size and depth; raw is the floor, no queue. */
    String text() {
        StringBuilder text = new StringBuilder(machine);
        text.append(String.format("%n%-10s %5s %5s  %-12s %10s %10s %7s%n", "between", "bytes", "depth", "ring",
                "M ops/s", "ns", "ratio"));
        nanos.forEach((cell, subjects) -> {
            double best = subjects.entrySet().stream().filter(entry -> !entry.getKey().equals(Subject.RAW))
                    .mapToDouble(entry -> median(entry.getValue())).min().orElse(Double.NaN);
            subjects.forEach((subject, values) -> {
                double median = median(values);
                text.append(String.format(Locale.ROOT, "%-10s %5d %5d  %-12s %10.2f %10.2f %7.2f%n", cell.mode,
                        cell.bytes, cell.depth, subject, NANOS_PER_MICRO / median, median, median / best));
            });
        });
        return text.toString();
    }

    /** An array with one object for each row; {@code ns} has every value. */
    String json() {
        List<String> rows = new ArrayList<>();
        nanos.forEach((cell, subjects) -> subjects.forEach((subject, values) -> rows.add(String.format(Locale.ROOT,
                "  {\"between\": \"%s\", \"bytes\": %d, \"depth\": %d, \"ring\": \"%s\", \"ns\": %s}", cell.mode,
                cell.bytes, cell.depth, subject, values))));
        return "{\"machine\": \"" + machine.strip().replace("\n", "; ") + "\", \"rows\": [\n"
                + String.join(",\n", rows) + "\n]}\n";
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
