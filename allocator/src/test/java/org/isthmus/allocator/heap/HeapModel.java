package org.isthmus.allocator.heap;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.segment.KillPoints;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;

/**
 * Random work of several heaps on one thread beside a plain model of it: which blocks are whose, where they lie and
 * what is in them. A heap may die at any kill point, in the middle of whatever it does.
 */
final class HeapModel {
    /** Thrown out of a heap at a kill point: the heap is not used any more. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private record Block(long handle, long offset, long bytes, long stamp) {}

    private static final int MAX_BLOCKS = 60;

    private final HeapArea area;
    private final MemorySegment memory;
    private final Random random;
    private final int heaps;
    private final RankHeap[] alive;
    private final List<List<Block>> held = new ArrayList<>();
    private final List<Deque<Block>> inbox = new ArrayList<>();
    private final TreeMap<Long, Block> byOffset = new TreeMap<>();
    private final int killEvery;
    private int untilKill;
    private long stamps;
    /** Kills so far. */
    int kills;

    /** @param killEvery mean number of kill points between two deaths; 0 for none */
    HeapModel(HeapArea area, long seed, int killEvery) {
        this.area = area;
        this.memory = area.memory();
        this.random = new Random(seed);
        this.heaps = area.heaps();
        this.alive = new RankHeap[heaps];
        this.killEvery = killEvery;
        for (int i = 0; i < heaps; i++) {
            held.add(new ArrayList<>());
            inbox.add(new ArrayDeque<>());
            alive[i] = RankHeap.open(area, i, HeapOptions.of(limits()));
        }
        armKill();
        KillPoints.action(point -> {
            if (untilKill > 0 && --untilKill == 0) {
                throw new Killed();
            }
        });
    }

    private void armKill() {
        untilKill = killEvery == 0 ? 0 : 1 + random.nextInt(2 * killEvery);
    }

    private HeapLimits limits() {
        int[] capacity = new int[SizeClasses.COUNT];
        int[] batch = new int[SizeClasses.COUNT];
        Arrays.setAll(capacity, c -> 1 + random.nextInt(40));
        Arrays.setAll(batch, c -> 1 + random.nextInt(20));
        return new HeapLimits(0, capacity, batch, 1 + random.nextInt(8), random.nextInt(3),
                1 + random.nextInt(2), 0, 0, 0);
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            int who = random.nextInt(heaps);
            guarded(who, () -> step(who));
        }
        for (int i = 0; i < heaps; i++) {
            if (alive[i] != null) {
                alive[i].checkInvariants();
            }
        }
    }

    /** Ends everything and checks that nothing is left. */
    void finish() {
        untilKill = 0;
        for (int i = 0; i < heaps; i++) {
            if (alive[i] == null) {
                survivorReaps();
                alive[i] = RankHeap.open(area, i, HeapOptions.of(limits()));
            }
        }
        for (int i = 0; i < heaps; i++) {
            while (!inbox.get(i).isEmpty()) {
                accept(i);
            }
            while (!held.get(i).isEmpty()) {
                free(i);
            }
            if (kills > 0) {
                alive[i].returnUndelivered();
            }
            alive[i].flush();
        }
        require(byOffset.isEmpty(), "the model has blocks left");
        for (int i = 0; i < heaps; i++) {
            alive[i].checkInvariants();
            alive[i].trim();
            alive[i].checkInvariants();
        }
        requireAllFree(area);
        for (RankHeap heap : alive) {
            heap.close();
        }
    }

    static void requireAllFree(HeapArea area) {
        for (int superpage = 0; superpage < area.superpages(); superpage++) {
            long owner = area.ownerVolatile(superpage);
            require(SuperpageDescriptor.kind(owner) == SuperpageDescriptor.FREE,
                    "superpage " + superpage + " leaked, kind "
                    + SuperpageDescriptor.kind(owner) + " of heap " + SuperpageDescriptor.heap(owner));
            require((area.volatileLong(area.layout.freeWord(superpage >>> 6)) >>> superpage & 1) != 0,
                    "superpage " + superpage + " has lost its free bit");
        }
    }

    private void guarded(int who, Runnable work) {
        try {
            work.run();
        } catch (Killed killed) {
            kills++;
            alive[who] = null;
            require(area.markDead(who), "was not alive");
            bury(who);
            armKill();
        }
    }

    private void bury(int who) {
        held.get(who).forEach(block -> byOffset.remove(block.offset));
        held.get(who).clear();
        inbox.get(who).forEach(block -> byOffset.remove(block.offset));
        inbox.get(who).clear();
    }

    private void step(int who) {
        RankHeap heap = alive[who];
        if (heap == null) {
            if (!area.isUnreaped(who)) {
                alive[who] = RankHeap.open(area, who, HeapOptions.of(limits()));
            }
            return;
        }
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> allocate(who);
            case 4, 5 -> free(who);
            case 6, 7 -> send(who);
            case 8, 9 -> accept(who);
            case 10 -> heap.flush();
            default -> rare(who);
        }
    }

    private void rare(int who) {
        switch (random.nextInt(6)) {
            case 0 -> alive[who].collect();
            case 1 -> alive[who].trim();
            case 2 -> alive[who].setLimits(limits());
            case 3 -> alive[who].checkInvariants();
            default -> alive[who].reap();
        }
    }

    private long randomSize() {
        return switch (random.nextInt(20)) {
            case 0 -> 1 + random.nextInt(5 << 20);
            case 1, 2 -> 1 + random.nextInt(1 << 20);
            case 3, 4, 5, 6 -> 1 + random.nextInt(65536);
            default -> 1 + random.nextInt(2048);
        };
    }

    private void allocate(int who) {
        if (held.get(who).size() >= MAX_BLOCKS) {
            free(who);
            return;
        }
        long bytes = randomSize();
        long handle = alive[who].allocate(bytes);
        if (handle == Handle.NONE) {
            return;
        }
        Block block = new Block(handle, alive[who].offset(handle), bytes, ++stamps);
        Map.Entry<Long, Block> below = byOffset.lowerEntry(block.offset + bytes);
        require(below == null || below.getKey() + below.getValue().bytes <= block.offset,
                () -> block + " lies in " + below.getValue());
        byOffset.put(block.offset, block);
        held.get(who).add(block);
        stamp(block);
    }

    private void stamp(Block block) {
        memory.set(ValueLayout.JAVA_BYTE, block.offset, (byte) block.stamp);
        memory.set(ValueLayout.JAVA_BYTE, block.offset + block.bytes - 1, (byte) (block.stamp));
    }

    private void requireStamped(Block block) {
        require(memory.get(ValueLayout.JAVA_BYTE, block.offset) == (byte) block.stamp
                && memory.get(ValueLayout.JAVA_BYTE, block.offset + block.bytes - 1) == (byte) block.stamp,
                () -> block + " was overwritten");
    }

    private Block anyHeld(int who) {
        List<Block> blocks = held.get(who);
        if (blocks.isEmpty()) {
            return null;
        }
        int i = random.nextInt(blocks.size());
        Block block = blocks.get(i);
        blocks.set(i, blocks.getLast());
        blocks.removeLast();
        return block;
    }

    private void free(int who) {
        Block block = anyHeld(who);
        if (block == null) {
            return;
        }
        requireStamped(block);
        byOffset.remove(block.offset);
        alive[who].free(block.handle);
        try {
            alive[who].free(block.handle);
        } catch (BadHandleException expected) {
            return;
        }
        throw new IllegalStateException(block + " was freed twice");
    }

    private void send(int who) {
        int receiver = random.nextInt(heaps);
        Block block = anyHeld(who);
        if (block == null) {
            return;
        }
        held.get(who).add(block);
        if (alive[receiver] == null) {
            return;
        }
        try {
            alive[who].handOver(block.handle, receiver);
        } catch (BadHandleException notOurs) {
            require(notOurs.getMessage().contains("belongs to another heap"), notOurs.getMessage());
            return;
        }
        held.get(who).remove(block);
        inbox.get(receiver).add(block);
    }

    private void accept(int who) {
        Block block = inbox.get(who).poll();
        if (block != null) {
            held.get(who).add(block);
            require(alive[who].accept(block.handle) == block.offset, () -> block + " moved");
            requireStamped(block);
        }
    }

    private void survivorReaps() {
        for (RankHeap heap : alive) {
            if (heap != null) {
                require(heap.reap(), "the lease is stuck");
                return;
            }
        }
        throw new IllegalStateException("no heap survived");
    }

    /** Whether at least one heap is alive. */
    boolean anyAlive() {
        return Arrays.stream(alive).anyMatch(heap -> heap != null);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }

    private static void require(boolean holds, Supplier<String> what) {
        if (!holds) {
            throw new IllegalStateException(what.get());
        }
    }
}
