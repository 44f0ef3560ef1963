package org.isthmus.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import mpi.MPIException;

/** The metrics of {@link JobBenchmark}, one row each. Units that end in "/s" are the better the higher. */
enum Metric {
    /** One way of a ping-pong between ranks 0 and 1, buffer from {@code MPI.newByteBuffer}. */
    LAT("ns", true, true, PointToPointLoops::bufferLatency),
    /** The same with a {@code byte[]}. */
    HEAPLAT("ns", true, true, PointToPointLoops::arrayLatency),
    /** Windows of 64 messages from the lower half of the ranks to the upper one; all pairs together. */
    BW("MB/s", true, true, PointToPointLoops::bandwidth),
    /** The same, counted in messages. */
    RATE("messages/s", true, true, PointToPointLoops::rate),
    /** Sum of that many doubles. */
    ALLREDUCE("ns", true, false, CollectiveLoops::allReduce),
    BARRIER("ns", false, false, CollectiveLoops::barrier),
    /** Broadcast of that many bytes, each rank in turn being the root. */
    BCAST("ns", true, false, CollectiveLoops::bcast),
    /** That many bytes for each rank. */
    ALLTOALL("ns", true, false, CollectiveLoops::allToAll),
    /** One put of that many bytes and a flush, rank 0 to the last rank, both on one node. */
    PUT("ns", true, true, OneSidedLoops::put),
    GET("ns", true, true, OneSidedLoops::get),
    /** One {@code fetchAndOp} of a long and a flush. */
    FETCHANDOP("ns", false, true, OneSidedLoops::fetchAndOp),
    /** Collective writing of a file in which blocks of that many bytes of the ranks take turns. */
    FILEWRITE("MB/s", true, false, FileLoops::write),
    FILEREAD("MB/s", true, false, FileLoops::read),
    /** Time that {@code MPI.Init} took in rank 0. */
    INIT("ms", false, false, (job, size) -> job.initMillis());

    /** One round of a metric; all ranks call it, the value of rank 0 counts. */
    interface Loop {
        double run(Job job, int size) throws MPIException;
    }

    private final String unit;
    private final boolean sized;
    private final boolean pairs;
    private final Loop loop;

    Metric(String unit, boolean sized, boolean pairs, Loop loop) {
        this.unit = unit;
        this.sized = sized;
        this.pairs = pairs;
        this.loop = loop;
    }

    static Metric of(String name) {
        return Arrays.stream(values()).filter(metric -> metric.label().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no metric " + name + "; there are "
                        + Arrays.stream(values()).map(Metric::label).collect(Collectors.joining(", "))));
    }

    String unit() {
        return unit;
    }

    /** Whether it takes a size, as in {@code lat:8}. */
    boolean isSized() {
        return sized;
    }

    boolean needsPairs() {
        return pairs;
    }

    Loop loop() {
        return loop;
    }

    /** The better of two values; {@code best} is NaN before the first. */
    double better(double best, double value) {
        if (Double.isNaN(best)) {
            return value;
        }
        return unit.endsWith("/s") ? Math.max(best, value) : Math.min(best, value);
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
