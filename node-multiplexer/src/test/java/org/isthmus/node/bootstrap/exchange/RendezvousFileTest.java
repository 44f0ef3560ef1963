package org.isthmus.node.bootstrap.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks that find rank 0 by a file in a directory that all see. */
class RendezvousFileTest extends ExchangeConformance {
    @TempDir
    Path directory;
    private final AtomicInteger jobs = new AtomicInteger();

    private record Job(int size, String id) implements AutoCloseable {
        @Override
        public void close() {}
    }

    @Override
    AutoCloseable startJob(int size) {
        return new Job(size, "job " + jobs.incrementAndGet());
    }

    @Override
    Exchange enter(AutoCloseable job, int rank) {
        return rank(((Job) job).id(), rank, ((Job) job).size());
    }

    private Exchange rank(String id, int rank, int size) {
        return new Rendezvous(id, rank, size, timeout).inDirectory(directory);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(0, left.count());
        }
    }

    private Path fileOf(String id) throws Exception {
        try (Exchange alone = rank(id, 0, 1); Stream<Path> files = Files.list(directory)) {
            assertEquals(0, alone.rank());
            Path file = files.findFirst().orElseThrow();
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            return file;
        }
    }

    @Test
    void aFileOfADeadJobIsNotTrustedForEver() throws Exception {
        Path file = fileOf("again");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, JobSecret.random().hex() + "\n127.0.0.1:" + port + "\n");
        CompletableFuture<Void> late = CompletableFuture.runAsync(() -> {
            try (Exchange exchange = rank("again", 1, 2)) {
                exchange.fence();
            }
        });
        try (Exchange exchange = rank("again", 0, 2)) {
            exchange.fence();
            late.get();
        }
    }

    @Test
    void aFileThatOthersCanReadIsRefused() throws Exception {
        Path file = Files.writeString(fileOf("open"), "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        String message = assertThrows(ExchangeException.class, () -> rank("open", 1, 2)).getMessage();
        assertTrue(message.contains("mode 0600") && message.contains(file.toString()), message);
        Files.delete(file);
    }

    @Test
    void aRankZeroThatDoesNotComeIsNamed() {
        timeout = Duration.ofMillis(300);
        String message = assertThrows(ExchangeException.class, () -> rank("nobody", 1, 2)).getMessage();
        assertTrue(message.contains("rank 1 of 2 found no file") && message.contains("300 ms"), message);
    }

    @Test
    void ranksMeetAtThePortOfRankZero() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        JobSecret secret = JobSecret.random();
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            try (Exchange exchange = new Rendezvous("p", 1, 2, timeout).atRankZero("localhost", port, secret)) {
                ExchangeCheck.EVERY_RANK_READS_EVERY_RANK.run(exchange);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        try (Exchange exchange = new Rendezvous("p", 0, 2, timeout).atRankZero("localhost", port, secret)) {
            ExchangeCheck.EVERY_RANK_READS_EVERY_RANK.run(exchange);
        }
        other.get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", "localhost:99999", "localhost:1,", "no.such.host.invalid:1"})
    void addressesThatAreNoneAreNamed(String text) {
        String message = assertThrows(ExchangeException.class, () -> Rendezvous.parse(text)).getMessage();
        assertTrue(message.contains('"' + text + '"'), message);
        assertEquals("127.0.0.1:5", Rendezvous.format(List.of(new InetSocketAddress("127.0.0.1", 5))));
    }
}
