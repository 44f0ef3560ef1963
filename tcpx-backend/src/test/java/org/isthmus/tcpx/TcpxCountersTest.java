package org.isthmus.tcpx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.isthmus.node.shm.StatusDescriptor;
import org.isthmus.node.spi.BackendCounters;
import org.isthmus.node.status.CountersPage;
import org.isthmus.node.wire.BadFrame;
import org.junit.jupiter.api.Test;

class TcpxCountersTest {
    @Test
    void pageSaysWhatIsCounted() throws IOException {
        CountersPage.check(TcpxCounters.rows());
    }

    @Test
    void allFitTheRoomOfALink() {
        assertTrue(TcpxCounters.rows().rows().size() <= StatusDescriptor.BACKEND_COUNTERS);
    }

    @Test
    void aChannelCountsForItselfAndForAll() {
        TcpxCounters all = new TcpxCounters(null);
        TcpxCounters one = new TcpxCounters(all);
        TcpxCounters other = new TcpxCounters(all);
        one.add(TcpxCounters.Counter.FRAMES_HELD, 3);
        other.increment(TcpxCounters.Counter.FRAMES_HELD);
        other.badFrame(BadFrame.SEQUENCE);
        List<String> names = TcpxCounters.rows().rows().stream().map(BackendCounters.Row::name).toList();
        int held = names.indexOf("frames-held");
        assertEquals(3, one.get(held));
        assertEquals(1, other.get(held));
        assertEquals(4, all.get(held));
        int sequence = names.indexOf("bad-frames-sequence");
        assertEquals(0, one.get(sequence));
        assertEquals(1, all.get(sequence));
        assertEquals(5, IntStream.range(0, names.size()).mapToLong(all::get).sum());
    }
}
