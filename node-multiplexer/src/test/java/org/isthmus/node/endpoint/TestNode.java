package org.isthmus.node.endpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.RecordDescriptor;

/** The endpoints of all ranks of a node in one JVM, and numbered records between them that are checked on arrival. */
final class TestNode {
    static final int RING_BYTES = 8192;
    static final long WINDOW = 16 << 20;

    final NodeSegment segment;
    final MemorySegment memory;
    private final RankEndpoint[] endpoints;
    /** Records so far, by sender and receiver. */
    private final long[][] sent;
    private final long[][] received;

    TestNode(Path directory, int ranks, int maxRings) throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve("node"), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
        segment = NodeSegment.create(channel, ranks, WINDOW);
        memory = segment.memory();
        endpoints = new RankEndpoint[ranks];
        sent = new long[ranks][ranks];
        received = new long[ranks][ranks];
        EndpointOptions options = new EndpointOptions(RING_BYTES, maxRings, 1 << 20, 10, 10);
        for (int rank = 0; rank < ranks; rank++) {
            int me = rank;
            endpoints[rank] = new RankEndpoint(segment, rank, options, true);
            endpoints[rank].setHandler((source, header, payload) -> check(source, me, header, payload));
        }
    }

    RankEndpoint endpoint(int rank) {
        return endpoints[rank];
    }

    long sent(int from, int to) {
        return sent[from][to];
    }

    long received(int from, int to) {
        return received[from][to];
    }

    /** Sends the next record, of {@code bytes}; false when back-pressured. */
    boolean trySend(int from, int to, int bytes) {
        PeerLink link = endpoints[from].link(to);
        long payload = link.claim(bytes);
        if (payload == PeerLink.BACK_PRESSURED) {
            return false;
        }
        long number = sent[from][to]++;
        for (int at = 0; at < bytes; at++) {
            memory.set(ValueLayout.JAVA_BYTE, payload + at, (byte) (number * 7 + at));
        }
        link.publish(RecordDescriptor.header(3, from, (int) number, bytes));
        return true;
    }

    private void check(int from, int to, long header, long payload) {
        long number = received[from][to]++;
        int bytes = RecordDescriptor.payloadBytes(header);
        if (header != RecordDescriptor.header(3, from, (int) number, bytes)) {
            throw new AssertionError("record " + number + " from " + from + " to " + to + " has header "
                    + Long.toHexString(header));
        }
        for (int at = 0; at < bytes; at++) {
            if (memory.get(ValueLayout.JAVA_BYTE, payload + at) != (byte) (number * 7 + at)) {
                throw new AssertionError("byte " + at + " of record " + number + " from " + from + " to " + to);
            }
        }
    }
}
