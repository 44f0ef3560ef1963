package org.isthmus.node.mux;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.isthmus.node.config.AllocatorOptions;
import org.isthmus.node.config.Settings;
import org.isthmus.node.endpoint.EndpointOptions;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.spi.Backends;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.wire.JobIdentification;

/**
 * Main of a node's multiplexer process. It takes its orders from the first rank of the node ({@link MultiplexerOrders})
 * and ends with it: at STOP once everything is out, at a failure or the end of its input at once.
 */
public final class MultiplexerMain {
    private static final long FAREWELL_NANOS = 1_000_000_000L;
    private static final long LOOK_NANOS = 1_000_000;

    private final DataInputStream in;
    private final DataOutputStream out;

    private MultiplexerMain(DataInputStream in, DataOutputStream out) {
        this.in = in;
        this.out = out;
    }

    public static void main(String[] arguments) throws Exception {
        DataOutputStream out = new DataOutputStream(System.out);
        System.setOut(System.err);
        new MultiplexerMain(new DataInputStream(System.in), out).run();
    }

    private void run() throws IOException, InterruptedException {
        Settings settings = Settings.load();
        MultiplexerOrders.Start start = MultiplexerOrders.Start.read(in);
        NodeRanks ranks = new NodeRanks(start.jobSize(), start.ranks()).withShards(start.shards());
        FileChannel file =
                FileChannel.open(Path.of(start.segment()), StandardOpenOption.READ, StandardOpenOption.WRITE);
        NodeSegment segment = NodeSegment.attach(file, ranks.places(), settings.get(Settings.WIREUP_TIMEOUT).toNanos());
        EndpointOptions options = EndpointOptions.of(settings, ranks.jobSize(), AllocatorOptions.of(settings).heap());
        JobIdentification job = new JobIdentification(start.jobId(), start.secret());
        Arrays.fill(start.secret(), (byte) 0);
        Conductor conductor =
                new Conductor(segment, ranks, options, start.oversubscribed(), MultiplexerOptions.of(settings),
                (shard, handler) -> Backends.open(settings.get(Settings.BACKEND), new EndpointContext(job, start.node(),
                        start.nodes(), shard, settings, handler), System.err::println), new Report());
        MultiplexerOrders.writeAddresses(out, conductor.addresses());
        for (String bell : conductor.bells()) {
            out.writeUTF(bell);
        }
        out.flush();
        conductor.begin(MultiplexerOrders.readDirectory(in));
        out.writeByte(MultiplexerOrders.READY);
        out.flush();
        Thread orders = Thread.ofPlatform().daemon().name("orders").start(() -> takeOrders(conductor,
                new JobFailure(ranks.rank(0), 1, "rank " + ranks.rank(0) + " ended without leaving the job")));
        conductor.run();
        conductor.drain();
        conductor.close();
        orders.join(1);
    }

    /** Runs on a thread of its own until the job ends. */
    private void takeOrders(Conductor conductor, JobFailure firstRankDied) {
        try {
            while (true) {
                byte order = in.readByte();
                if (order == MultiplexerOrders.STOP) {
                    conductor.stop();
                    return;
                }
                end(conductor, MultiplexerOrders.readFailure(in));
            }
        } catch (IOException e) {
            end(conductor, firstRankDied);
        }
    }

    /** Lets the loop tell the other nodes, for a moment at most, then ends this process. */
    private static void end(Conductor conductor, JobFailure failure) {
        long start = System.nanoTime();
        conductor.fail(failure);
        while (!conductor.isFailureOut() && System.nanoTime() - start < FAREWELL_NANOS) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        Runtime.getRuntime().halt(1);
    }

    /** Passes on to the first rank what ends the job. */
    private final class Report implements FailureListener {
        private boolean reported;

        @Override
        public void onNodeLost(int node, ChannelFailure failure) {
            report(new JobFailure(-1, 1, "node " + node + " was lost: " + failure.description()));
        }

        @Override
        public void onJobFailed(JobFailure failure) {
            report(failure);
        }

        private void report(JobFailure failure) {
            if (reported) {
                return;
            }
            reported = true;
            try {
                MultiplexerOrders.writeFailure(out, failure);
            } catch (IOException e) {
                Runtime.getRuntime().halt(1); // the first rank is gone: nobody is left to tell
            }
        }
    }
}
