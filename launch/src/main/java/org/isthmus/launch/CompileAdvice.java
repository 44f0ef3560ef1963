package org.isthmus.launch;

import java.util.ArrayList;
import java.util.List;

/**
 * What the JIT compilers of a rank shall not repeat in each caller. They compile a method first by itself, then once
 * more within each method that calls it, and so on up to the program's loop: waking a sleeping rank or adding two
 * numbers was compiled up to eight times on the way to {@code allReduce}, in the first second of a job, on the cores
 * on which its ranks wait for each other.
 *
 * <p>Kept apart are: what is rare but was frequent in the moment from which the compilers learn (waking, housekeeping);
 * what many others are made of; and what is long beside the cost of a call (taking what is in a ring, arrays, blocks,
 * the work of a collective). The optimizing compiler's time grows faster than the code that it has before it: a poll of
 * all rings with all that may be in them took it a fifth of a second. And the training of the cache is kept from
 * teaching ranks to compile the JDK's methods first.
 */
final class CompileAdvice {
    private static final List<String> KEPT_APART = List.of(
            "org.isthmus.node.endpoint.Waiter::wakeIfSleeping",
            "org.isthmus.node.endpoint.RankEndpoint::rest",
            "org.isthmus.node.endpoint.RankEndpoint::drain",
            "org.isthmus.comm.buffer.BufferCopy::copyLong",
            "org.isthmus.comm.buffer.BufferCopy::arrayToSegment",
            "org.isthmus.comm.buffer.BufferCopy::segmentToArray",
            "org.isthmus.comm.progress.ProgressLoop::await",
            "org.isthmus.comm.coll.node.CollectiveArea::raise",
            "org.isthmus.comm.coll.node.CollectiveArea::await",
            "org.isthmus.comm.coll.node.NodeReduceSliced::run",
            "org.isthmus.comm.op.StagedReduction::apply",
            "org.isthmus.comm.op.ScalarReduction::run",
            "mpi.Messaging::isend",
            "mpi.Messaging::irecv",
            "mpi.CollectiveCalls::*",
            "mpi.ReductionCalls::*");

    /** The JDK's packages. */
    private static final List<String> ONLY_WITHIN_OURS = List.of("java.*", "jdk.*", "sun.*");
    /** Times the usual number of calls: more than a training has. */
    private static final String NEVER = "1000.0";

    private CompileAdvice() {}

    /** Names of methods, as {@code class::method}; a star for all of a class. */
    static List<String> keptApart() {
        return KEPT_APART;
    }

    /** The options of a JVM that say so. */
    static List<String> options() {
        List<String> options = new ArrayList<>();
        options.add("-XX:CompileCommand=quiet");
        for (String method : KEPT_APART) {
            options.add("-XX:CompileCommand=dontinline," + method);
        }
        return options;
    }

    /**
     * The options, besides, of the JVM from whose training the cache is made: it compiles methods of the JDK within
     * ours only. What it compiled by itself each rank would compile early as well, and before anything else: hundreds
     * of methods that only a start calls, and small ones that our compiled methods hold anyway.
     */
    static List<String> trainingOptions() {
        return ONLY_WITHIN_OURS.stream()
                .map(classes -> "-XX:CompileCommand=CompileThresholdScaling," + classes + "::*," + NEVER).toList();
    }
}
