package org.isthmus.allocator.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SegmentFileTest {
    @TempDir
    private Path directory;

    @Test
    void reservedRangesAreZero() throws IOException {
        try (FileChannel channel = open(directory.resolve("segment"))) {
            SegmentFile file = new SegmentFile(channel, 1 << 20);
            assertEquals(1 << 20, file.memory().byteSize());
            MemorySegment range = file.memory().asSlice(4096, 600_000);
            range.fill((byte) 7);
            file.reserve(4096, 600_000);
            assertEquals(-1, range.mismatch(MemorySegment.ofArray(new byte[600_000])));
        }
    }

    @Test
    void rangesOutsideTheWindowAreRefused() throws IOException {
        try (FileChannel channel = open(directory.resolve("segment"))) {
            SegmentFile file = new SegmentFile(channel, 65536);
            file.reserve(61440, 4096);
            SegmentFullException full = assertThrows(SegmentFullException.class, () -> file.reserve(61440, 4097));
            assertTrue(full.getMessage().contains("65536") && full.getMessage().contains("4097"), full.getMessage());
            assertThrows(SegmentFullException.class, () -> file.reserve(-1, 1));
            assertThrows(SegmentFullException.class, () -> file.reserve(0, -1));
            assertThrows(SegmentFullException.class, () -> file.reserve(Long.MAX_VALUE, 4096));
            assertThrows(SegmentFullException.class, () -> file.reserve(4096, Long.MAX_VALUE));
        }
    }

    @Test
    void aThreadInterruptedBeforeKeepsTheFileAndItsInterrupt() throws IOException {
        try (FileChannel channel = open(directory.resolve("segment"))) {
            SegmentFile file = new SegmentFile(channel, 65536);
            Thread.currentThread().interrupt();
            file.reserve(0, 4096);
            assertTrue(Thread.interrupted());
            file.reserve(4096, 4096);
        }
    }

    @Test
    void aClosedFileIsNotCalledFull() throws IOException {
        FileChannel channel = open(directory.resolve("segment"));
        SegmentFile file = new SegmentFile(channel, 65536);
        channel.close();
        IllegalStateException closed = assertThrows(IllegalStateException.class, () -> file.reserve(0, 4096));
        assertTrue(closed.getMessage().contains("closed"), closed.getMessage());
    }

    /** In a mount namespace of its own, so that nothing of the mount is left when the child ends. */
    @Test
    void aFullFileSystemIsAnErrorThatSaysWhatToDo() throws IOException, InterruptedException {
        Path mount = Files.createDirectory(directory.resolve("small"));
        String[] unshare = {"unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=256k none \"$0\" && exec \"$@\"",
            mount.toString()};
        assumeTrue(run(unshare, "true").exit() == 0, "not allowed to mount a tmpfs");
        Result child = run(unshare, Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), SmallFileSystem.class.getName(),
                mount.resolve("segment").toString());
        assertEquals(0, child.exit(), child.output());
        for (String part : List.of("524288 bytes needed at offset 131072", "the file system gave ", "enlarge it",
                "docker run --shm-size", "ISTHMUS_SHM_DIR", "still 42")) {
            assertTrue(child.output().contains(part), child.output());
        }
    }

    private record Result(int exit, String output) {}

    private static Result run(String[] prefix, String... command) throws InterruptedException {
        List<String> all = new ArrayList<>(List.of(prefix));
        all.addAll(List.of(command));
        try {
            Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes());
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            return new Result(-1, e.toString());
        }
    }

    private static FileChannel open(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Asks a small file system for more than it has, then goes on with what it got before. */
    static final class SmallFileSystem {
        private SmallFileSystem() {}

        public static void main(String[] args) throws IOException {
            try (FileChannel channel = open(Path.of(args[0]))) {
                SegmentFile file = new SegmentFile(channel, 16 << 20);
                file.reserve(0, 131072);
                file.memory().set(ValueLayout.JAVA_LONG, 131064, 42);
                try {
                    file.reserve(131072, 524288);
                    System.out.println("no error");
                } catch (SegmentFullException full) {
                    System.out.println(full.getMessage());
                }
                System.out.println("still " + file.memory().get(ValueLayout.JAVA_LONG, 131064));
            }
        }
    }
}
