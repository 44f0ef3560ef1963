package org.isthmus.rdma.backend;

import java.util.Locale;
import java.util.Map;
import org.isthmus.node.spi.Channel;
import org.isthmus.node.spi.TestNode;

/**
 * {@code BackendFigures SECONDS}: the backend alone on this machine's device, between two endpoints that one thread
 * polls, each figure for that long after as long a warm-up: one way of a frame of 8 bytes there and back, and region
 * transfers of 1 MiB, eight accepted at a time. Prints a line for each. {@code scripts/rdma-figures.sh}
 * runs it beside perftest.
 */
public final class BackendFigures extends RdmaNodes {
    private static final int REGION = 1 << 20;
    private static final int WINDOW = 8;

    @Override
    Map<String, String> settings() {
        return Map.of("isthmus.rdma.provider", "native", "isthmus.rdma.timeout.connect", "60s",
                "isthmus.rdma.timeout.hello", "30s");
    }

    /** Runs from the command line. */
    public static void main(String[] arguments) throws Exception {
        BackendFigures figures = new BackendFigures();
        long nanos = Long.parseLong(arguments[0]) * 1_000_000_000;
        figures.open(2);
        figures.connect(0, 1);
        figures.latency(nanos);
        System.out.printf(Locale.ROOT, "backend, 8 bytes one way: %.1f us%n", figures.latency(nanos) / 1e3);
        figures.bandwidth(nanos);
        System.out.printf(Locale.ROOT, "backend, 1 MiB: %.1f MB/s%n", figures.bandwidth(nanos));
        figures.closeNodes();
    }

    /** Nanoseconds for one way. */
    private double latency(long nanos) {
        TestNode a = nodes.get(0);
        TestNode b = nodes.get(1);
        long start = System.nanoTime();
        long rounds = 0;
        for (; System.nanoTime() - start < nanos; rounds++) {
            send(a, a.connected.get(1), b);
            send(b, b.connected.get(0), a);
        }
        return (System.nanoTime() - start) / (2.0 * rounds);
    }

    private void send(TestNode from, Channel channel, TestNode to) {
        long next = to.framesReceived + 1;
        until(() -> from.trySendFrame(channel, Long.BYTES) == Channel.ACCEPTED);
        until(() -> to.framesReceived == next);
    }

    /** Million bytes a second. */
    private double bandwidth(long nanos) {
        TestNode a = nodes.get(0);
        TestNode b = nodes.get(1);
        long start = System.nanoTime();
        long[] sent = {0};
        long[] placed = {0};
        int before = b.regionsReceived.size() / 2;
        until(() -> {
            long received = b.regionsReceived.size() / 2 - before;
            boolean last = System.nanoTime() - start >= nanos;
            if (!last && placed[0] < received + WINDOW && b.connected.get(0)
                    .tryReceiveRegion(b.region, placed[0] % WINDOW * REGION, REGION, placed[0]) == Channel.ACCEPTED) {
                placed[0]++;
            }
            if (sent[0] < placed[0] && a.connected.get(1)
                    .trySendRegion(a.region, sent[0] % WINDOW * REGION, REGION, sent[0]) == Channel.ACCEPTED) {
                sent[0]++;
            }
            return last && received == placed[0] && sent[0] == placed[0];
        });
        return sent[0] * (double) REGION * 1e3 / (System.nanoTime() - start);
    }
}
