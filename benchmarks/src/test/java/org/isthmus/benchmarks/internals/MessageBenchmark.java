package org.isthmus.benchmarks.internals;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.pt2pt.Envelope;
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
 * A whole message through the engine, sent and received by one thread: two ranks' engines in this JVM, or with one rank
 * to itself. Run with {@code -prof gc}: 0 B/op.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MessageBenchmark {
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    private static final int TAG = 1;

    @Param({"8", "4096", "65536"})
    public int bytes;

    @Param({"shared", "direct", "array"})
    public String buffer;

    @Param({"1", "2"})
    public int ranks;

    private final Envelope envelope = new Envelope();
    private NodeOfRanks node;
    private Object from;
    private long fromOffset;
    private Object into;
    private long intoOffset;
    private int dest;

    @Setup
    public void start() throws IOException {
        node = new NodeOfRanks(ranks);
        dest = ranks - 1;
        switch (buffer) {
            case "shared" -> {
                from = node.segment.memory();
                into = from;
                fromOffset = node.segment.pool().allocateExtent(bytes);
                intoOffset = node.segment.pool().allocateExtent(bytes);
            }
            case "direct" -> {
                from = Arena.global().allocate(bytes, 64);
                into = Arena.global().allocate(bytes, 64);
            }
            default -> {
                from = new byte[bytes];
                into = new byte[bytes];
            }
        }
    }

    /** The receive is posted last: the message waits in the ring, or in the unexpected store. */
    @Benchmark
    public void sendThenReceive() {
        TransferRequest send = isend();
        node.pointToPoint[dest].recv(node.worlds[dest], into, intoOffset, bytes, BYTE, 0, TAG, envelope);
        finish(0, send);
    }

    /** The receive is posted first. */
    @Benchmark
    public void receiveThenSend() {
        TransferRequest receive =
                node.pointToPoint[dest].irecv(node.worlds[dest], into, intoOffset, bytes, BYTE, 0, TAG);
        TransferRequest send = isend();
        finish(dest, receive);
        finish(0, send);
    }

    private TransferRequest isend() {
        return node.pointToPoint[0].isend(node.worlds[0], PointToPoint.Mode.STANDARD, from, fromOffset, bytes,
                BYTE, dest, TAG);
    }

    /** Drives both ends: a rendezvous needs the sender as well. */
    private void finish(int rank, TransferRequest request) {
        while (!request.isDone()) {
            node.progress[0].poll();
            node.progress[dest].poll();
        }
        node.pointToPoint[rank].release(request);
    }
}
