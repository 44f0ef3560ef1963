package org.isthmus.node.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.isthmus.allocator.segment.KillPoints;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Processes that write to a mailbox are killed with SIGKILL at each {@link MailboxKillPoint} while another producer and
 * the owner go on: once they know of the death, the mailbox goes on too, with every record of the living, and with each
 * that the dead had published.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MailboxKillTest {
    private static final int DEAD = 1;
    private static final int LIVING = 2;
    private static final int AFTER = 3 * MailboxDescriptor.CELLS;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"CLAIM_AFTER_CELL, 0", "CLAIM_AFTER_CELL, 1", "CLAIM_AFTER_CELL, 5000", "CLAIM_AFTER_TAIL, 0",
        "CLAIM_AFTER_TAIL, 4999", "PUBLISH_AFTER_HEADER, 0", "PUBLISH_AFTER_HEADER, 63", "PUBLISH_AFTER_HEADER, 5001",
        "PUBLISH_AFTER_STATE, 0", "PUBLISH_AFTER_STATE, 5000"})
    void goesOnWithoutTheDead(String point, int passes) throws Exception {
        Path file = directory.resolve("mailbox");
        MemorySegment memory = MailboxTest.map(file);
        Mailbox.initialise(memory, 0);
        Mailbox owner = new Mailbox(memory, 0);
        Mailbox living = new Mailbox(memory, 0);
        long[] next = new long[3];
        long sent = 0;
        Process victim = ChildJvm.builder("-Dorg.isthmus.killpoints=true", Victim.class.getName(), file.toString(),
                point, Integer.toString(passes)).start();
        try {
            AtomicBoolean stands = new AtomicBoolean();
            Thread reader = Thread.ofPlatform().daemon().start(() -> stands.set("AT".equals(lineOf(victim))));
            while (reader.isAlive()) {
                sent += MailboxTest.trySend(memory, living, LIVING, sent) ? 1 : 0;
                receiveOne(memory, owner, next);
            }
            assertTrue(stands.get(), "the point was not reached");
            victim.destroyForcibly().waitFor();
        } finally {
            victim.destroyForcibly();
        }
        boolean[] dead = new boolean[3];
        dead[DEAD] = true;
        for (long last = sent + AFTER; sent < last || owner.next() != 0 || owner.skip(dead);) {
            sent += sent < last && MailboxTest.trySend(memory, living, LIVING, sent) ? 1 : 0;
            if (!receiveOne(memory, owner, next)) {
                owner.skip(dead);
            }
        }
        assertEquals(sent, next[LIVING], "records of the living");
        assertEquals(passes + (point.equals("PUBLISH_AFTER_STATE") ? 1 : 0), next[DEAD], "records of the dead");
    }

    private static boolean receiveOne(MemorySegment memory, Mailbox owner, long[] next) {
        if (owner.next() == 0) {
            return false;
        }
        int source = owner.source();
        assertEquals(next[source]++, MailboxTest.receive(memory, owner, source));
        return true;
    }

    private static String lineOf(Process process) {
        try {
            return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** A producing process that stops at a point: file, point, how often it passes the point before. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) throws IOException {
            int[] left = {Integer.parseInt(args[2])};
            KillPoints.action(point -> {
                if (point.name().equals(args[1]) && left[0]-- == 0) {
                    System.out.println("AT");
                    while (true) {
                        Thread.onSpinWait();
                    }
                }
            });
            MemorySegment memory = MailboxTest.map(Path.of(args[0]));
            Mailbox mailbox = new Mailbox(memory, 0);
            for (long i = 0;;) {
                if (MailboxTest.trySend(memory, mailbox, DEAD, i)) {
                    i++;
                } else {
                    Thread.yield();
                }
            }
        }
    }
}
