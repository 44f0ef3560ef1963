package org.isthmus.node.shm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Zeroed memory outside of the heap for the states of stress tests, which live shortly and are many: slots of one large
 * mapping, in turn. So many that a slot is out of use when its turn comes again.
 */
public final class StressMemory {
    private static final long BYTES = 1L << 30;
    private static final long LINE = 64;
    private static final MemorySegment ALL = map();
    private static final AtomicLong NEXT = new AtomicLong();

    private StressMemory() {}

    public static MemorySegment take(long bytes) {
        long size = bytes + LINE - 1 & -LINE;
        long at = NEXT.getAndAdd(size) % (BYTES - (1 << 24)) & -LINE;
        return ALL.asSlice(at, bytes).fill((byte) 0);
    }

    private static MemorySegment map() {
        try {
            Path file = Files.createTempFile("stress", null);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return channel.map(MapMode.READ_WRITE, 0, BYTES, Arena.global());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
