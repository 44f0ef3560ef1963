package org.isthmus.node.status;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Counters as text for people. Tables show what tells most; rows and columns that are all zero are left out of some.
 */
public final class StatusReport {
    private StatusReport() {}

    /** One line: which job, which node. */
    public static String title(JobStatus job) {
        long seconds = Math.max(0, System.currentTimeMillis() - job.startedMillis()) / 1000;
        return "job " + job.job() + ": " + (job.program().isEmpty() ? "(program unknown)" : job.program()) + ", "
                + job.jobSize() + (job.jobSize() == 1 ? " rank" : " ranks")
                + (job.launcher().equals("none") ? "" : " by " + job.launcher())
                + (job.nodes() == 1 ? "" : ", node " + job.node() + " of " + job.nodes()) + ", for " + seconds + " s";
    }

    /** All tables of one node of a job. */
    public static String of(JobStatus job) {
        List<RankStatus> ranks = job.ranks().stream().filter(rank -> rank.rank() != RankStatus.MULTIPLEXER).toList();
        StringBuilder text = new StringBuilder(title(job)).append("\n\n").append(messages(ranks)).append('\n')
                .append(protocols(ranks)).append('\n').append(waits(job.ranks()));
        if (!job.links().isEmpty()) {
            text.append('\n').append(links(job.links()));
            for (LinkStatus link : job.links()) {
                text.append(backend(link));
            }
        }
        return text.toString();
    }

    /** All counters of one rank that are not zero, a line each. */
    public static String of(RankStatus rank) {
        StringBuilder text = new StringBuilder();
        for (RankCounter counter : RankCounter.values()) {
            if (rank.value(counter) != 0) {
                text.append(String.format(Locale.ROOT, "%16d %-8s %s%n", rank.value(counter),
                        counter.unit(), counter.key()));
            }
        }
        return text.toString();
    }

    private static TextTable messages(List<RankStatus> ranks) {
        TextTable table =
                new TextTable("rank", "pid", "sent", "bytes", "received", "bytes", "unexpected", "collectives");
        for (RankStatus rank : ranks) {
            long[] sums = new long[4];
            for (Protocol protocol : Protocol.values()) {
                sums[0] += rank.value(protocol.sent());
                sums[1] += rank.bytes(protocol.sent());
                sums[2] += rank.value(protocol.received());
                sums[3] += rank.bytes(protocol.received());
            }
            table.row(rank.rank(), rank.pid(), sums[0], sums[1], sums[2], sums[3], rank.value(RankCounter.UNEXPECTED),
                    rank.value(RankCounter.COLLECTIVES));
        }
        return table;
    }

    /** Messages sent and received by protocol; protocols that nobody used are left out. */
    private static TextTable protocols(List<RankStatus> ranks) {
        List<Protocol> used = new ArrayList<>();
        List<String> headings = new ArrayList<>(List.of("rank"));
        for (Protocol protocol : Protocol.values()) {
            if (ranks.stream().anyMatch(rank -> rank.value(protocol.sent()) + rank.value(protocol.received()) > 0)) {
                used.add(protocol);
                headings.add(protocol.key() + " out");
                headings.add("in");
            }
        }
        TextTable table = new TextTable(headings.toArray(String[]::new));
        for (RankStatus rank : ranks) {
            List<Object> cells = new ArrayList<>(List.of(rank.rank()));
            for (Protocol protocol : used) {
                cells.add(rank.value(protocol.sent()));
                cells.add(rank.value(protocol.received()));
            }
            table.row(cells.toArray());
        }
        return table;
    }

    private static TextTable waits(List<RankStatus> ranks) {
        RankCounter[] columns =
                {RankCounter.WINDOW_FULL, RankCounter.RING_FULL, RankCounter.BLOCKS_EMPTY, RankCounter.RINGS,
            RankCounter.MAILBOX_RECORDS, RankCounter.YIELDS, RankCounter.SLEEPS, RankCounter.WAKES};
        String[] headings = new String[columns.length + 1];
        headings[0] = "rank";
        for (int i = 0; i < columns.length; i++) {
            headings[i + 1] = columns[i].key();
        }
        TextTable table = new TextTable(headings);
        for (RankStatus rank : ranks) {
            Object[] cells = new Object[headings.length];
            cells[0] = rank.rank() == RankStatus.MULTIPLEXER ? "mux" : rank.rank();
            for (int i = 0; i < columns.length; i++) {
                cells[i + 1] = rank.value(columns[i]);
            }
            table.row(cells);
        }
        return table;
    }

    private static TextTable links(List<LinkStatus> links) {
        LinkCounter[] columns = LinkCounter.values();
        List<String> headings = new ArrayList<>(List.of("to node", "shard", "batch"));
        for (LinkCounter column : columns) {
            headings.add(column.key());
        }
        TextTable table = new TextTable(headings.toArray(String[]::new));
        for (LinkStatus link : links) {
            List<Object> cells = new ArrayList<>(
                    List.of(link.peer(), link.shard(), String.format(Locale.ROOT, "%.1f", link.batch())));
            for (LinkCounter column : columns) {
                cells.add(link.value(column));
            }
            table.row(cells.toArray());
        }
        return table;
    }

    /** What the backend counted for a link that is not zero, on one line. */
    private static String backend(LinkStatus link) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, Long> entry : link.backendValues().entrySet()) {
            if (entry.getValue() != 0) {
                text.append(text.isEmpty() ? "" : ", ").append(entry.getKey()).append(' ').append(entry.getValue());
            }
        }
        return text.isEmpty() ? ""
                : link.backend() + " to node " + link.peer() + ", shard " + link.shard() + ": " + text + "\n";
    }
}
