package org.isthmus.comm.pt2pt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchTableTest {
    private static final int ANY = -1;

    private final MatchTable table = new MatchTable();

    @Test
    void aNewTableIsEmpty() {
        assertTrue(table.isEmpty());
        assertEquals(0, table.posted());
        assertNull(table.takePosted(0, 0, 0));
        assertNull(table.findUnexpected(0, ANY, ANY));
    }

    @Test
    void theReceivePostedFirstWinsWildOrNot() {
        Transfer exact = post(1, 2, 3);
        Transfer anyTag = post(1, 2, ANY);
        Transfer anySource = post(1, ANY, 3);
        Transfer exactAgain = post(1, 2, 3);
        assertEquals(4, table.posted());
        assertNull(table.takePosted(9, 2, 3));
        for (Transfer expected : List.of(exact, anyTag, anySource, exactAgain)) {
            assertSame(expected, table.takePosted(1, 2, 3));
        }
        assertTrue(table.isEmpty());
    }

    @Test
    void unexpectedMessagesAreFoundInOrderOfArrival() {
        Incoming first = arrive(1, 5, 7);
        Incoming second = arrive(1, 4, 7);
        Incoming otherContext = arrive(2, 5, 8);
        assertSame(first, table.findUnexpected(1, ANY, 7));
        assertSame(second, table.findUnexpected(1, 4, ANY));
        assertSame(otherContext, table.findUnexpected(2, ANY, ANY));
        assertNull(table.findUnexpected(1, 5, 8));
        table.removeUnexpected(first);
        assertSame(second, table.findUnexpected(1, ANY, ANY));
    }

    /** Few values make long chains; many, and extreme ones, spread over the buckets. */
    @ParameterizedTest
    @CsvSource({"1, 2, 3, 2", "2, 3, 4, 4", "3, 60, 1000, 8", "4, 1, 1, 1"})
    void behavesAsTwoListsInOrder(long seed, int sources, int tags, int contexts) {
        Random random = new Random(seed);
        List<Transfer> posted = new ArrayList<>();
        List<Incoming> unexpected = new ArrayList<>();
        int matches = 0;
        for (int i = 0; i < 120_000; i++) {
            int context = random.nextInt(contexts) * 0x1fff;
            int source = random.nextInt(sources);
            int tag = random.nextInt(tags) * 2_147_483 % Integer.MAX_VALUE;
            int wantedSource = random.nextInt(4) == 0 ? ANY : source;
            int wantedTag = random.nextInt(4) == 0 ? ANY : tag;
            switch (random.nextInt(posted.size() + unexpected.size() > 100 ? 4 : 2)) {
                case 0 -> matches += receive(context, wantedSource, wantedTag, posted, unexpected);
                case 1 -> matches += message(context, source, tag, posted, unexpected);
                case 2 -> cancel(random, posted);
                default -> takeUnexpected(random, unexpected);
            }
            assertEquals(posted.size(), table.posted());
            assertEquals(posted.isEmpty() && unexpected.isEmpty(), table.isEmpty());
        }
        assertTrue(matches > 1000, "only " + matches + " matches");
        while (!posted.isEmpty()) {
            cancel(random, posted);
        }
        while (!unexpected.isEmpty()) {
            takeUnexpected(random, unexpected);
        }
        assertTrue(table.isEmpty());
    }

    private int receive(int context, int source, int tag, List<Transfer> posted, List<Incoming> unexpected) {
        Incoming expected = null;
        for (Incoming message : unexpected) {
            if (matches(context, source, tag, message.context, message.peer, message.matchTag)) {
                expected = message;
                break;
            }
        }
        assertSame(expected, table.findUnexpected(context, source, tag));
        if (expected == null) {
            posted.add(post(context, source, tag));
            return 0;
        }
        table.removeUnexpected(expected);
        unexpected.remove(expected);
        return 1;
    }

    private int message(int context, int source, int tag, List<Transfer> posted, List<Incoming> unexpected) {
        Transfer expected = null;
        for (Transfer receive : posted) {
            if (matches(receive.context, receive.peer, receive.matchTag, context, source, tag)) {
                expected = receive;
                break;
            }
        }
        assertSame(expected, table.takePosted(context, source, tag));
        if (expected == null) {
            unexpected.add(arrive(context, source, tag));
            return 0;
        }
        posted.remove(expected);
        return 1;
    }

    private static boolean matches(int context, int wantedSource, int wantedTag, int inContext, int source, int tag) {
        return context == inContext && (wantedSource == ANY || wantedSource == source)
                && (wantedTag == ANY || wantedTag == tag);
    }

    private void cancel(Random random, List<Transfer> posted) {
        if (!posted.isEmpty()) {
            table.removePosted(posted.remove(random.nextInt(posted.size())));
        }
    }

    private void takeUnexpected(Random random, List<Incoming> unexpected) {
        if (!unexpected.isEmpty()) {
            table.removeUnexpected(unexpected.remove(random.nextInt(unexpected.size())));
        }
    }

    private Transfer post(int context, int source, int tag) {
        Transfer receive = new Transfer();
        receive.context = context;
        receive.peer = source;
        receive.matchTag = tag;
        table.post(receive);
        return receive;
    }

    private Incoming arrive(int context, int source, int tag) {
        Incoming message = new Incoming(MemorySegment.NULL);
        message.context = context;
        message.peer = source;
        message.matchTag = tag;
        table.addUnexpected(message);
        return message;
    }
}
