package org.isthmus.launch.simulate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What several simulations found, as a table for people, as CSV, and as a plot. One thread. */
public final class Report {
    private static final List<String> COLUMNS = List.of("design", "K", "nodes", "ranks",
            "nic", "cache", "miss_ns", "burst", "window", "active", "bytes", "queue_pairs",
            "context_bytes", "queue_bytes", "multiplexer_bytes", "connect_s", "messages_per_s", "card_messages_per_s",
            "cache_efficiency", "miss_ratio", "messages_per_request", "p50_ns", "p99_ns", "limit", "detail");

    private final List<Figures> rows = new ArrayList<>();
    private final Variable variable;

    /** @param variable what differs between the rows of a design; null if nothing does */
    public Report(Variable variable) {
        this.variable = variable;
    }

    public void add(Figures figures) {
        rows.add(figures);
    }

    /** A line of column names for {@link #line}. */
    public static String heading() {
        return String.format("%-18s%-4s%10s %12s %10s %10s %9s %9s %9s %6s %8s %8s  %s",
                "design", "nic", "", "queue pairs", "QP memory", "mux memory", "connect",
                "M msg/s", "card M/s", "cache", "msg/req", "p50/p99", "limit");
    }

    /** One simulation as a line. */
    public String line(Figures figures) {
        Scenario scenario = figures.scenario();
        String varied = variable == null ? "" : variable.text() + "=" + variable.valueIn(scenario);
        return String.format(Locale.ROOT, "%-18s%-4s%10s %12d %10s %10s %9s %9.2f %9.2f %6.3f %8.2f %8s  %s",
                label(scenario), scenario.nic().name(), varied, figures.queuePairs(),
                bytes(figures.queueBytes() + figures.contextBytes()),
                scenario.design().isMultiplexed() ? bytes(figures.nodeBytes()) : "-",
                figures.connectSeconds() == 0 ? "-" : seconds(figures.connectSeconds()),
                figures.messagesPerSecond() / 1e6,
                figures.cardMessagesPerSecond() / 1e6, figures.efficiency(), figures.messagesPerRequest(),
                micros(figures.p50Nanos()) + "/" + micros(figures.p99Nanos()), figures.limit());
    }

    /** All rows, with a line of names. */
    public String csv() {
        StringBuilder text = new StringBuilder(String.join(",", COLUMNS)).append('\n');
        for (Figures row : rows) {
            Scenario scenario = row.scenario();
            NicModel nic = scenario.nic();
            text.append(String.format(Locale.ROOT,
                    "%s,%d,%d,%d,%s,%d,%.3f,%d,%d,%d,%d,%d,%d,%d,%d,%.3f,%.0f,%.0f,%.4f,%.4f,%.3f,%.0f,%.0f,%s,%s%n",
                    scenario.design().text(), scenario.shards(), scenario.nodes(), scenario.ranks(), nic.name(),
                    nic.contexts(), nic.missNanos(), scenario.burst(), scenario.window(), scenario.active(),
                    scenario.bytes(), row.queuePairs(), row.contextBytes(), row.queueBytes(), row.nodeBytes(),
                    row.connectSeconds(), row.messagesPerSecond(), row.cardMessagesPerSecond(), row.efficiency(),
                    row.missRatio(), row.messagesPerRequest(), row.p50Nanos(), row.p99Nanos(), row.limit(),
                    scenario.whole() ? "whole" : "sample"));
        }
        return text.toString();
    }

    /** Messages a second of each design over what was varied; {@link IllegalStateException} if nothing was. */
    public String svg() {
        if (variable == null) {
            throw new IllegalStateException("nothing was varied, so there is nothing to plot over");
        }
        boolean oneCard = rows.stream().map(row -> row.scenario().nic().name()).distinct().count() == 1;
        Map<String, List<SvgPlot.Point>> lines = new LinkedHashMap<>();
        for (Figures row : rows) {
            String card = oneCard ? "" : " on " + row.scenario().nic().name();
            lines.computeIfAbsent(label(row.scenario()) + card, name -> new ArrayList<>())
                    .add(new SvgPlot.Point(variable.valueIn(row.scenario()), row.messagesPerSecond() / 1e6));
        }
        Scenario first = rows.getFirst().scenario();
        String title = String.format("%d bytes", first.bytes())
                + (variable == Variable.RANKS ? "" : ", " + first.ranks() + " ranks a node")
                + (variable == Variable.NODES ? "" : ", " + first.nodes() + " nodes")
                + (oneCard ? ", card " + first.nic().name() : "");
        return new SvgPlot(title, variable.axis(), "million messages/s of a node", lines).svg();
    }

    private String label(Scenario scenario) {
        String active = scenario.active() == 0 || variable == Variable.ACTIVE ? "" : " active " + scenario.active();
        return scenario.design().isMultiplexed() ? scenario.design().text() + " K=" + scenario.shards() + active
                : scenario.design().text();
    }

    private static String bytes(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    }

    private static String seconds(double seconds) {
        return seconds < 120 ? String.format(Locale.ROOT, "%.2f s", seconds)
                : seconds < 7200 ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                : String.format(Locale.ROOT, "%.0f h", seconds / 3600);
    }

    private static String micros(double nanos) {
        return String.format(Locale.ROOT, nanos < 99_500 ? "%.1f" : "%.0f", nanos / 1000);
    }
}
