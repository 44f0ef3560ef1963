package org.isthmus.allocator.heap;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.isthmus.allocator.NodePool;
import org.isthmus.allocator.segment.KillPoints;
import org.isthmus.allocator.segment.SegmentFile;
import org.isthmus.allocator.slab.Handle;

/** A rank that allocates, sends, receives and frees at random; every block carries its own handle at both ends. */
final class RandomRank {
    private static final int KEPT = 40;

    final RankHeap heap;
    private final MemorySegment memory;
    private final int peer;
    private final HandleRing out;
    private final HandleRing in;
    private final Random random;
    private final List<Long> kept = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    long received;

    RandomRank(HeapArea area, int heap, int peer, HandleRing out, HandleRing in, long seed) {
        this.heap = RankHeap.open(area, heap, HeapOptions.of(DefaultLimits.snapshot()));
        this.memory = area.memory();
        this.peer = peer;
        this.out = out;
        this.in = in;
        this.random = new Random(seed);
    }

    void step() {
        switch (random.nextInt(32)) {
            case 0 -> heap.trim();
            case 1 -> heap.reap();
            case 2, 3 -> heap.flush();
            case 4 -> heap.collect();
            case 5, 6, 7, 8, 9 -> keep();
            case 10, 11, 12, 13, 14 -> drop();
            case 15, 16, 17, 18, 19, 20, 21, 22 -> send();
            default -> receive();
        }
    }

    private int randomSize() {
        return switch (random.nextInt(30)) {
            case 0 -> 16 + random.nextInt(5 << 20);
            case 1, 2 -> 16 + random.nextInt(1 << 20);
            case 3, 4, 5, 6, 7 -> 16 + random.nextInt(65536);
            default -> 16 + random.nextInt(4096);
        };
    }

    private long allocate(int bytes) {
        long handle = heap.allocate(bytes);
        if (handle != Handle.NONE) {
            long offset = heap.offset(handle);
            memory.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, handle);
            memory.set(ValueLayout.JAVA_LONG_UNALIGNED, offset + bytes - 8, handle);
        }
        return handle;
    }

    private void keep() {
        int bytes = randomSize();
        long handle = kept.size() < KEPT ? allocate(bytes) : Handle.NONE;
        if (handle != Handle.NONE) {
            kept.add(handle);
            sizes.add(bytes);
        }
    }

    private void drop() {
        if (!kept.isEmpty()) {
            int i = random.nextInt(kept.size());
            long handle = kept.remove(i);
            int bytes = sizes.remove(i);
            require(heap.offset(handle) + bytes - 8, handle);
            require(heap.offset(handle), handle);
            heap.free(handle);
        }
    }

    private void send() {
        if (!out.isFull()) {
            long handle = allocate(randomSize());
            if (handle != Handle.NONE) {
                heap.handOver(handle, peer);
                out.put(handle);
            }
        }
    }

    /** Takes a message, if there is one. */
    boolean receive() {
        long handle = in.poll();
        if (handle == 0) {
            return false;
        }
        require(heap.accept(handle), handle);
        heap.free(handle);
        received++;
        return true;
    }

    void dropAll() {
        while (!kept.isEmpty()) {
            drop();
        }
    }

    private void require(long offset, long handle) {
        long found = memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
        if (found != handle) {
            throw new IllegalStateException(Handle.describe(handle) + " was overwritten by " + Long.toHexString(found));
        }
    }

    /** Arguments: file, window, area's base, rings' base, kill point or "none", how often it is passed, seed. */
    public static void main(String[] args) throws IOException {
        FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.READ, StandardOpenOption.WRITE);
        NodePool pool = new NodePool(new SegmentFile(channel, Long.parseLong(args[1])), 0);
        HeapArea area = HeapArea.attach(pool, Long.parseLong(args[2]));
        long rings = Long.parseLong(args[3]);
        int[] left = {Integer.parseInt(args[5])};
        KillPoints.action(point -> {
            if (point.name().equals(args[4]) && left[0]-- == 0) {
                waitForDeath();
            }
        });
        RandomRank rank = new RandomRank(area, 1, 0, new HandleRing(area.memory(), rings + NodePool.PAGE),
                new HandleRing(area.memory(), rings), Long.parseLong(args[6]));
        System.out.println("READY");
        while (true) {
            rank.step();
        }
    }

    private static void waitForDeath() {
        System.out.println("AT");
        System.out.flush();
        while (true) {
            try {
                Thread.sleep(1000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
