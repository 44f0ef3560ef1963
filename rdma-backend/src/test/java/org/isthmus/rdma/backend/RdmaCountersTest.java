package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.isthmus.node.shm.StatusDescriptor;
import org.isthmus.node.spi.BackendCounters;
import org.isthmus.node.status.CountersPage;
import org.junit.jupiter.api.Test;

class RdmaCountersTest {
    @Test
    void pageSaysWhatIsCounted() throws IOException {
        CountersPage.check(RdmaCounters.rows());
    }

    @Test
    void allFitTheRoomOfALink() {
        assertTrue(RdmaCounters.rows().rows().size() <= StatusDescriptor.BACKEND_COUNTERS);
    }

    @Test
    void aChannelCountsForItselfAndForAll() {
        RdmaCounters all = new RdmaCounters(null);
        RdmaCounters one = new RdmaCounters(all);
        RdmaCounters other = new RdmaCounters(all);
        one.add(RdmaCounters.Counter.FRAMES_HELD, 3);
        other.increment(RdmaCounters.Counter.FRAMES_HELD);
        List<String> names = RdmaCounters.rows().rows().stream().map(BackendCounters.Row::name).toList();
        int held = names.indexOf("frames-held");
        assertEquals(3, one.get(held));
        assertEquals(1, other.get(held));
        assertEquals(4, all.get(held));
        assertEquals(4, IntStream.range(0, names.size()).mapToLong(all::get).sum());
    }
}
