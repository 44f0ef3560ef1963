package org.isthmus.node.status;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.isthmus.node.shm.NodeSegment;
import org.isthmus.node.shm.SegmentDescriptor;
import org.isthmus.node.shm.StatusDescriptor;

/**
 * Reads the status area of a node segment, without a trace in it. One thread; {@link #close} ends the mapping. Every
 * offset that comes from the segment is checked; a bad one is an {@link IOException}.
 */
public final class StatusReader implements AutoCloseable {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();
    private static final int MOST_RANKS = 1 << 20;
    private static final int MOST_LINKS = 1 << 24;

    private final Arena arena;
    private final MemorySegment memory;
    private final long area;
    private final int places;

    private StatusReader(Arena arena, MemorySegment memory, long area, int places) {
        this.arena = arena;
        this.memory = memory;
        this.area = area;
        this.places = places;
    }

    /** Reads this process's own segment. */
    public static StatusReader of(NodeSegment segment) {
        return new StatusReader(null, segment.memory(), segment.statusOffset(), segment.ranks());
    }

    /**
     * Maps the segment file of another job, for reading only.
     *
     * @return nothing if its segment is not laid out yet
     * @throws IOException if it is no segment that this version can read, with the reason
     */
    public static Optional<StatusReader> open(Path file) throws IOException {
        Arena arena = Arena.ofConfined();
        boolean opened = false;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long bytes = channel.size();
            if (bytes < SegmentDescriptor.HEADER.byteSize()) {
                return Optional.empty();
            }
            MemorySegment memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, arena);
            // SYNC(segment.ready): everything below is complete
            int version = (int) INT.getAcquire(memory, SegmentDescriptor.VERSION_OFFSET);
            if (version == 0) {
                return Optional.empty();
            }
            long magic = (long) LONG.get(memory, SegmentDescriptor.MAGIC_OFFSET);
            int places = (int) INT.get(memory, SegmentDescriptor.RANKS_OFFSET);
            if (magic != SegmentDescriptor.MAGIC || version != SegmentDescriptor.VERSION || places < 1
                    || places > MOST_RANKS) {
                throw new IOException("the segment has version " + version + ", this command reads version "
                        + SegmentDescriptor.VERSION + ": use the isthmus.jar that the job runs with");
            }
            long area = (long) LONG.get(memory, SegmentDescriptor.STATUS_OFFSET);
            StatusReader reader = new StatusReader(arena, memory, area, places);
            reader.check(area, StatusDescriptor.bytes(places));
            opened = true;
            return Optional.of(reader);
        } finally {
            if (!opened) {
                arena.close();
            }
        }
    }

    /** How things are now; nothing before local rank 0 has described the job. */
    public Optional<JobStatus> read() throws IOException {
        long started = (long) LONG.getAcquire(memory, area + StatusDescriptor.STARTED_OFFSET); // SYNC(status.job)
        if (started == 0) {
            return Optional.empty();
        }
        return Optional.of(new JobStatus(
                StatusText.read(memory, area + StatusDescriptor.JOB_OFFSET, StatusDescriptor.JOB_BYTES),
                StatusText.read(memory, area + StatusDescriptor.LAUNCHER_OFFSET, StatusDescriptor.LAUNCHER_BYTES),
                StatusText.read(memory, area + StatusDescriptor.PROGRAM_OFFSET, StatusDescriptor.PROGRAM_BYTES),
                integer(area + StatusDescriptor.JOB_SIZE_OFFSET), integer(area + StatusDescriptor.NODE_OFFSET),
                integer(area + StatusDescriptor.NODES_OFFSET), started, ranks(), links()));
    }

    private List<RankStatus> ranks() {
        List<RankStatus> ranks = new ArrayList<>();
        for (int place = 0; place < places; place++) {
            long block = area + StatusDescriptor.rankBlock(place);
            int word = (int) INT.getAcquire(memory, block + StatusDescriptor.RANK_OFFSET); // SYNC(status.rank)
            if (word != 0) {
                int rank = word == StatusDescriptor.MULTIPLEXER ? RankStatus.MULTIPLEXER : word - 1;
                ranks.add(new RankStatus(place, rank, (long) LONG.get(memory, block + StatusDescriptor.PID_OFFSET),
                        longs(block + StatusDescriptor.COUNTERS_OFFSET, RankCounter.values().length)));
            }
        }
        return ranks;
    }

    private List<LinkStatus> links() throws IOException {
        List<LinkStatus> links = new ArrayList<>();
        long base = (long) LONG.getAcquire(memory, area + StatusDescriptor.LINKS_OFFSET); // SYNC(status.links)
        if (base == 0) {
            return links;
        }
        check(base, StatusDescriptor.NAME_TABLES_OFFSET);
        int nodes = integer(base + StatusDescriptor.AREA_NODES_OFFSET);
        int shards = integer(base + StatusDescriptor.AREA_SHARDS_OFFSET);
        if (nodes < 1 || shards < 1 || (long) nodes * shards > MOST_LINKS) {
            throw new IOException("the segment is damaged: links of " + nodes + " nodes and " + shards + " shards");
        }
        check(base, StatusDescriptor.linkAreaBytes(nodes, shards));
        for (int node = 0; node < nodes; node++) {
            for (int shard = 0; shard < shards; shard++) {
                long entry = base + StatusDescriptor.directory(shards) + 8L * (node * shards + shard);
                long block = (long) LONG.getAcquire(memory, entry); // SYNC(status.link)
                if (block != 0) {
                    check(block, StatusDescriptor.LINK_BLOCK_BYTES);
                    links.add(link(block, node, shard, base + StatusDescriptor.NAME_TABLES_OFFSET
                            + shard * StatusDescriptor.NAME_TABLE_BYTES));
                }
            }
        }
        return links;
    }

    private LinkStatus link(long block, int peer, int shard, long names) throws IOException {
        int count = (int) INT.getAcquire(memory, names + StatusDescriptor.NAME_COUNT_OFFSET); // SYNC(status.names)
        if (count < 0 || count > StatusDescriptor.BACKEND_COUNTERS) {
            throw new IOException("the segment is damaged: " + count + " counters of a backend");
        }
        SequencedMap<String, Long> backend = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            backend.put(StatusText.read(memory,
                    names + StatusDescriptor.NAMES_OFFSET + (long) i * StatusDescriptor.NAME_BYTES,
                    StatusDescriptor.NAME_BYTES), counter(block + StatusDescriptor.BACKEND_OFFSET + 8L * i));
        }
        LinkCounter[] counters = LinkCounter.values();
        long[] values = new long[counters.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = counter(block + counters[i].offset());
        }
        return new LinkStatus(peer, shard, values, StatusText.read(memory, names + StatusDescriptor.BACKEND_NAME_OFFSET,
                StatusDescriptor.BACKEND_NAME_BYTES), backend);
    }

    private long[] longs(long at, int count) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = counter(at + 8L * i);
        }
        return values;
    }

    private long counter(long at) {
        return (long) LONG.getOpaque(memory, at);
    }

    private int integer(long at) {
        return (int) INT.get(memory, at);
    }

    private void check(long at, long bytes) throws IOException {
        if (at < SegmentDescriptor.HEADER.byteSize() || (at & 7) != 0 || bytes > memory.byteSize() - at) {
            throw new IOException("the segment is damaged: " + bytes + " bytes at " + at + " of " + memory.byteSize());
        }
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }
}
