package org.isthmus.node.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.isthmus.node.config.Settings;
import org.isthmus.node.wire.JobIdentification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultyBackendTest {
    private static final int FRAMES = 5_000;

    /** Numbers of the frames that came. */
    private static final class Arrivals implements ChannelHandler {
        final List<Integer> numbers = new ArrayList<>();

        @Override
        public void onConnected(Channel channel) {
            // the test sends from the other end
        }

        @Override
        public boolean onFrame(Channel channel, MemorySegment memory, long offset, int length) {
            numbers.add(memory.get(ValueLayout.JAVA_INT_UNALIGNED, offset));
            return true;
        }

        @Override
        public void onSent(Channel channel, long context) {
            // the memory is used again at once: the loopback has copied it
        }

        @Override
        public void onReceived(Channel channel, long context, long length) {
            throw new AssertionError("no region was sent");
        }

        @Override
        public void onClosed(Channel channel, ChannelFailure failure) {
            throw new AssertionError("closed: " + failure);
        }
    }

    private record Run(List<Integer> numbers, long lost, long doubled, long late) {}

    private static Run run(FaultyBackend.Plan plan) throws Exception {
        JobIdentification job = new JobIdentification("job", new byte[32]);
        Settings settings = Settings.of(Map.of(), new Properties());
        Arrivals arrivals = new Arrivals();
        FaultyBackend.FaultyEndpoint to = new FaultyBackend(new LoopbackBackend(), plan)
                .open(new EndpointContext(job, 1, 2, 0, settings, arrivals));
        Endpoint from = new LoopbackBackend().open(new EndpointContext(job, 0, 2, 0, settings, new Arrivals()));
        MemorySegment memory = Arena.ofAuto().allocate(8);
        MemoryRegion region = from.register(memory);
        Channel channel = from.connect(1, to.address());
        int sent = 0;
        for (int quiet = 0; quiet < 1_000; quiet++) {
            memory.set(ValueLayout.JAVA_INT, 0, sent);
            if (sent < FRAMES && channel.trySend(region, 0, 8, 0) == Channel.ACCEPTED) {
                sent++;
                quiet = 0;
            }
            from.poll(10);
            to.poll(10);
        }
        assertEquals(FRAMES, sent);
        from.close();
        return new Run(arrivals.numbers, to.lost(), to.doubled(), to.late());
    }

    @Test
    void withoutFaultsNothingChanges() throws Exception {
        Run run = run(new FaultyBackend.Plan(1, 0, 0, 0, 1));
        assertEquals(IntStream.range(0, FRAMES).boxed().toList(), run.numbers());
    }

    @Test
    void faultsTakePlaceAndAreCounted() throws Exception {
        Run run = run(new FaultyBackend.Plan(1, 0.05, 0.05, 0.1, 20));
        assertTrue(run.lost() > 100 && run.doubled() > 100 && run.late() > 200, run.toString());
        assertEquals(FRAMES - run.lost() + run.doubled(), run.numbers().size());
        assertEquals(FRAMES - run.lost(), run.numbers().stream().distinct().count());
        assertNotEquals(run.numbers().stream().sorted().toList(), run.numbers());
    }

    @Test
    void theSeedDecides() throws Exception {
        FaultyBackend.Plan plan = new FaultyBackend.Plan(7, 0.05, 0.05, 0.1, 20);
        assertEquals(run(plan), run(plan));
        assertNotEquals(run(plan), run(new FaultyBackend.Plan(8, 0.05, 0.05, 0.1, 20)));
    }
}
