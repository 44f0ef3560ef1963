package org.isthmus.node.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MailboxTest {
    private static final int PRODUCERS = 3;

    @TempDir
    private Path directory;

    @Test
    void isEmptyThenFullThenEmptyOverManyTurns() {
        MemorySegment memory = create();
        Mailbox sender = new Mailbox(memory, 0);
        Mailbox owner = new Mailbox(memory, 0);
        long sent = 0;
        long received = 0;
        for (int round = 0; round < 50; round++) {
            assertEquals(0, owner.next());
            while (trySend(memory, sender, 1, sent)) {
                sent++;
            }
            assertEquals(received + MailboxDescriptor.CELLS, sent);
            assertEquals(Mailbox.FULL, sender.claim(1));
            for (int i = 0; i < MailboxDescriptor.CELLS - round % 7; i++) {
                assertEquals(received++, receive(memory, owner, 1));
            }
            for (; received < sent; received++) {
                assertEquals(received, receive(memory, owner, 1));
            }
        }
    }

    @Test
    void carriesTheLargestPayloadAndEverySourceAndHeader() {
        MemorySegment memory = create();
        Mailbox sender = new Mailbox(memory, 0);
        Mailbox owner = new Mailbox(memory, 0);
        long header = RecordDescriptor.header(13, 0xffff, Integer.MIN_VALUE, MailboxDescriptor.MAX_PAYLOAD);
        for (int turn = 0; turn < 2 * MailboxDescriptor.CELLS; turn++) {
            long payload = sender.claim(511);
            memory.asSlice(payload, MailboxDescriptor.MAX_PAYLOAD).fill((byte) -1);
            sender.publish(511, header);
            assertEquals(header, owner.next());
            assertEquals(511, owner.source());
            assertEquals(payload, owner.payload());
            owner.advance();
            assertEquals(0, owner.next());
        }
    }

    @Test
    void aClaimedCellIsNotARecordYetAndHoldsBackLaterOnes() {
        MemorySegment memory = create();
        Mailbox first = new Mailbox(memory, 0);
        Mailbox second = new Mailbox(memory, 0);
        Mailbox owner = new Mailbox(memory, 0);
        long payload = first.claim(1);
        assertTrue(trySend(memory, second, 2, 0));
        assertEquals(0, owner.next());
        memory.set(ValueLayout.JAVA_LONG, payload, 0);
        first.publish(1, RecordDescriptor.header(2, 3, 0, 8));
        assertEquals(RecordDescriptor.header(2, 3, 0, 8), owner.next());
        assertEquals(1, owner.source());
        owner.advance();
        assertEquals(0, receive(memory, owner, 2));
    }

    @Test
    void onlyWhatTheDeadHaveNotPublishedIsSkipped() {
        MemorySegment memory = create();
        Mailbox dying = new Mailbox(memory, 0);
        Mailbox living = new Mailbox(memory, 0);
        Mailbox owner = new Mailbox(memory, 0);
        boolean[] dead = new boolean[4];
        for (int turn = 0; turn < 3 * MailboxDescriptor.CELLS; turn += 3) {
            assertTrue(trySend(memory, dying, 1, turn));
            assertNotEquals(Mailbox.FULL, dying.claim(1));
            assertTrue(trySend(memory, living, 2, turn));
            dead[1] = true;
            assertFalse(owner.skip(dead), "a record of the dead");
            assertEquals(turn, receive(memory, owner, 1));
            dead[1] = false;
            dead[2] = true;
            assertFalse(owner.skip(dead), "claimed by a living one");
            dead[1] = true;
            dead[2] = false;
            assertTrue(owner.skip(dead));
            assertFalse(owner.skip(dead), "a record of a living one");
            assertEquals(turn, receive(memory, owner, 2));
            assertFalse(owner.skip(dead), "a free cell");
            dead[1] = false;
        }
    }

    /** A claimant that is no place of the node: no death can be proven of it. */
    @Test
    void aClaimantThatDoesNotExistIsNotSkipped() {
        MemorySegment memory = create();
        assertNotEquals(Mailbox.FULL, new Mailbox(memory, 0).claim(4));
        assertFalse(new Mailbox(memory, 0).skip(new boolean[] {true, true, true, true}));
    }

    @Test
    void aLengthBeyondTheCellIsCorrupt() {
        MemorySegment memory = create();
        Mailbox sender = new Mailbox(memory, 0);
        assertNotEquals(Mailbox.FULL, sender.claim(0));
        sender.publish(0, RecordDescriptor.header(1, 0, 0, MailboxDescriptor.MAX_PAYLOAD + 1));
        CorruptRecordException corrupt = assertThrows(CorruptRecordException.class, new Mailbox(memory, 0)::next);
        assertTrue(corrupt.getMessage().contains("232"), corrupt.getMessage());
    }

    @Test
    void threadsKeepTheirOrder() {
        MemorySegment memory = create();
        int records = 200_000;
        List<CompletableFuture<?>> producers = new ArrayList<>();
        for (int source = 0; source < PRODUCERS; source++) {
            int me = source;
            producers.add(CompletableFuture.runAsync(() -> produce(memory, me, records),
                    task -> new Thread(task).start()));
        }
        consume(memory, records, producers);
    }

    @Test
    void processesKeepTheirOrder() throws IOException, InterruptedException {
        Path file = directory.resolve("mailbox");
        MemorySegment memory = map(file);
        Mailbox.initialise(memory, 0);
        int records = 60_000;
        List<Process> processes = new ArrayList<>();
        List<CompletableFuture<?>> ends = new ArrayList<>();
        try {
            for (int source = 0; source < PRODUCERS; source++) {
                Process process = ChildJvm.start(Producer.class, file.toString(), String.valueOf(source),
                        String.valueOf(records));
                processes.add(process);
                ends.add(process.onExit());
            }
            consume(memory, records, ends);
            for (Process process : processes) {
                assertEquals("", ChildJvm.outputOf(process));
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private static void produce(MemorySegment memory, int source, int records) {
        Mailbox mailbox = new Mailbox(memory, 0);
        for (int i = 0; i < records; i++) {
            while (!trySend(memory, mailbox, source, i)) {
                Thread.yield();
            }
        }
    }

    private static void consume(MemorySegment memory, int records, List<CompletableFuture<?>> producers) {
        Mailbox owner = new Mailbox(memory, 0);
        long[] next = new long[PRODUCERS];
        for (int total = 0; total < PRODUCERS * records;) {
            boolean ended = producers.stream().allMatch(CompletableFuture::isDone);
            if (owner.next() == 0) {
                assertTrue(!ended, "the producers ended after " + total + " records");
                Thread.yield();
                continue;
            }
            int source = owner.source();
            assertEquals(next[source]++, receive(memory, owner, source));
            total++;
        }
        assertEquals(0, owner.next());
    }

    static boolean trySend(MemorySegment memory, Mailbox mailbox, int source, long value) {
        long payload = mailbox.claim(source);
        if (payload == Mailbox.FULL) {
            return false;
        }
        for (int at = 0; at < 64; at += 8) {
            memory.set(ValueLayout.JAVA_LONG, payload + at, value * 31 + at);
        }
        mailbox.publish(source, RecordDescriptor.header(2, 3, (int) value, 64));
        return true;
    }

    static long receive(MemorySegment memory, Mailbox owner, int source) {
        long header = owner.next();
        long value = (memory.get(ValueLayout.JAVA_LONG, owner.payload())) / 31;
        if (header != RecordDescriptor.header(2, 3, (int) value, 64)) {
            throw new AssertionError("header " + Long.toHexString(header) + " with payload " + value);
        }
        assertEquals(source, owner.source());
        for (int at = 0; at < RecordDescriptor.payloadBytes(header); at += 8) {
            if (memory.get(ValueLayout.JAVA_LONG, owner.payload() + at) != value * 31 + at) {
                throw new AssertionError("record " + value + " of " + source + " is torn at " + at);
            }
        }
        owner.advance();
        return value;
    }

    private static MemorySegment create() {
        MemorySegment memory = Arena.ofAuto().allocate(MailboxDescriptor.BYTES, 64);
        Mailbox.initialise(memory, 0);
        return memory;
    }

    static MemorySegment map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, MailboxDescriptor.BYTES, Arena.global());
        }
    }

    /** A producing process: file, source, number of records. */
    static final class Producer {
        private Producer() {}

        public static void main(String[] args) throws IOException {
            produce(map(Path.of(args[0])), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        }
    }
}
