package org.isthmus.benchmarks.allocator;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.isthmus.allocator.NodePool;
import org.isthmus.allocator.segment.SegmentFile;

/**
 * The memory that the threads or processes of a workload share.
 *
 * <pre>
 *       0  end-of-use word of the pool
 *    4096  ring of handles towards the consumer ({@link HandleRing})
 *   20480  ring in the other direction
 *   65536  extents of the pool
 * </pre>
 */
final class SharedFile implements AutoCloseable {
    static final long RING = 4096;
    static final long SECOND_RING = 20480;

    private static final long POOL = 65536;
    private static final long WINDOW = 1L << 30;

    private final Path path;
    private final boolean owner;
    private final NodePool pool;

    private SharedFile(Path path, boolean owner) throws IOException {
        this.path = path;
        this.owner = owner;
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        SegmentFile file = new SegmentFile(channel, WINDOW);
        if (owner) {
            file.reserve(0, POOL);
            file.memory().set(ValueLayout.JAVA_LONG, 0, POOL);
        }
        pool = new NodePool(file, 0);
    }

    /** A new file, in /dev/shm if there is one; deleted by {@link #close}. */
    static SharedFile create() throws IOException {
        Path memory = Path.of("/dev/shm");
        return new SharedFile(Files.isWritable(memory) ? Files.createTempFile(memory, "isthmus-bench", ".heap")
                : Files.createTempFile("isthmus-bench", ".heap"), true);
    }

    /** The file of another process. */
    static SharedFile attach(Path path) throws IOException {
        return new SharedFile(path, false);
    }

    Path path() {
        return path;
    }

    NodePool pool() {
        return pool;
    }

    MemorySegment memory() {
        return pool.memory();
    }

    @Override
    public void close() throws IOException {
        if (owner) {
            Files.deleteIfExists(path);
        }
    }
}
