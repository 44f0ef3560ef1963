package org.isthmus.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.isthmus.node.status.JobStatus;
import org.isthmus.node.status.LinkCounter;
import org.isthmus.node.status.LinkStatus;
import org.isthmus.node.status.RankCounter;
import org.isthmus.node.status.RankStatus;

/** The counters of one node of a job as one line of JSON, all of them, with the names of {@code docs/counters.md}. */
final class StatusJson {
    private StatusJson() {}

    static String of(JobStatus job) {
        List<String> ranks = new ArrayList<>();
        List<String> shards = new ArrayList<>();
        for (RankStatus rank : job.ranks()) {
            if (rank.rank() == RankStatus.MULTIPLEXER) {
                shards.add(rank(rank));
            } else {
                ranks.add(rank(rank));
            }
        }
        return "{" + text("job", job.job()) + "," + text("launcher", job.launcher())
                + "," + text("program", job.program()) + "," + number("size", job.jobSize())
                + "," + number("node", job.node()) + "," + number("nodes", job.nodes()) + ","
                + number("startedMillis", job.startedMillis()) + "," + number("readMillis", System.currentTimeMillis())
                + ",\"ranks\":[" + String.join(",", ranks) + "],\"shards\":[" + String.join(",", shards)
                + "],\"links\":[" + String.join(",", job.links().stream().map(StatusJson::link).toList()) + "]}";
    }

    private static String rank(RankStatus rank) {
        List<String> counters = new ArrayList<>();
        for (RankCounter counter : RankCounter.values()) {
            counters.add(number(counter.key(), rank.value(counter)));
        }
        String who = rank.rank() == RankStatus.MULTIPLEXER ? "" : number("rank", rank.rank()) + ",";
        return "{" + who + number("pid", rank.pid()) + ",\"counters\":{" + String.join(",", counters) + "}}";
    }

    private static String link(LinkStatus link) {
        List<String> counters = new ArrayList<>();
        for (LinkCounter counter : LinkCounter.values()) {
            counters.add(number(counter.key(), link.value(counter)));
        }
        List<String> backend = new ArrayList<>();
        link.backendValues().forEach((name, value) -> backend.add(number(name, value)));
        return "{" + number("peer", link.peer()) + "," + number("shard", link.shard()) + ",\"batch\":"
                + String.format(Locale.ROOT, "%.3f", link.batch()) + ",\"counters\":{" + String.join(",", counters)
                + "}," + text("backend", link.backend()) + ",\"backendCounters\":{" + String.join(",", backend) + "}}";
    }

    private static String number(String name, long value) {
        return quoted(name) + ":" + value;
    }

    private static String text(String name, String value) {
        return quoted(name) + ":" + quoted(value);
    }

    /** Texts hold no control characters: whoever read them out of the segment has seen to that. */
    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
