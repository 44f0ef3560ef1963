package org.isthmus.node.status;

import java.util.List;

/**
 * One node's part of a job at some time. Counters are read one after the other while they grow, so sums over
 * ranks need not agree.
 *
 * @param job name of the job, the same on all its nodes
 * @param launcher how its ranks were started
 * @param program what they run
 * @param jobSize ranks of the job
 * @param node index of this node
 * @param nodes nodes of the job
 * @param startedMillis since 1970
 * @param ranks those of this node that have joined, by place; the multiplexer, if there is one, is the last
 * @param links those that the multiplexer has used, by peer and shard
 */
public record JobStatus(String job, String launcher, String program, int jobSize, int node, int nodes,
        long startedMillis, List<RankStatus> ranks, List<LinkStatus> links) {
    public JobStatus {
        ranks = List.copyOf(ranks);
        links = List.copyOf(links);
    }
}
