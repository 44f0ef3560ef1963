package org.isthmus.benchmarks.internals;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.pt2pt.PointToPoint;
import org.isthmus.comm.pt2pt.TransferRequest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * An empty message while {@code posted} other receives wait in the matching table: what a long table costs. With
 * {@code wildcard} the one that matches takes any source and tag.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MatchingBenchmark {
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    private static final int TAG = 1;
    private static final byte[] NOTHING = new byte[0];

    @Param({"0", "100", "10000"})
    public int posted;

    @Param({"false", "true"})
    public boolean wildcard;

    private NodeOfRanks node;
    private PointToPoint sender;
    private PointToPoint receiver;

    @Setup
    public void start() throws IOException {
        node = new NodeOfRanks(2);
        sender = node.pointToPoint[0];
        receiver = node.pointToPoint[1];
        for (int i = 0; i < posted; i++) {
            receiver.irecv(node.worlds[1], NOTHING, 0, 0, BYTE, 0, TAG + 1 + i);
        }
    }

    @Benchmark
    public void postAndMatch() {
        TransferRequest receive = receiver.irecv(node.worlds[1], NOTHING, 0, 0, BYTE,
                wildcard ? PointToPoint.ANY_SOURCE : 0, wildcard ? PointToPoint.ANY_TAG : TAG);
        sender.release(sender.isend(node.worlds[0], PointToPoint.Mode.STANDARD, NOTHING, 0, 0, BYTE, 1, TAG));
        while (!receive.isDone()) {
            node.progress[1].poll();
        }
        receiver.release(receive);
    }
}
