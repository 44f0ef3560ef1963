package org.isthmus.allocator;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.isthmus.allocator.segment.SegmentFile;

/** A node pool in a file of its own: the end-of-use word in the first page, extents behind it. */
public final class TestPool {
    private TestPool() {}

    public static NodePool create(Path directory, long windowBytes) throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve("segment"), StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
        SegmentFile file = new SegmentFile(channel, windowBytes);
        file.reserve(0, NodePool.PAGE);
        file.memory().set(ValueLayout.JAVA_LONG, 0, NodePool.PAGE);
        return new NodePool(file, 0);
    }
}
