package org.isthmus.allocator.heap;

import java.lang.StackWalker.StackFrame;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.isthmus.allocator.slab.Handle;

/**
 * Checked mode's memory of a heap's blocks: who asked for each, how many bytes, and a canary behind them. Private to
 * the owner; a block freed elsewhere is checked when it is collected.
 */
final class BlockAudit {
    /** Bytes of canary behind a block's. */
    static final int CANARY_BYTES = 8;

    private static final long CANARY = 0x9e3779b97f4a7c15L;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final StackWalker WALKER = StackWalker.getInstance();
    private static final String HEAPS = BlockAudit.class.getPackageName() + ".";

    private record Block(long bytes, String site) {}

    private final HeapArea area;
    private final Map<Integer, Block> blocks = new HashMap<>();

    BlockAudit(HeapArea area) {
        this.area = area;
    }

    void allocated(int id, int c, long bytes) {
        area.memory.set(LONG, area.layout.block(Handle.of(id, c, 0)) + bytes, CANARY ^ id);
        blocks.put(id, new Block(bytes, site()));
    }

    /** Before the state says FREE. An adopted block has no record and is let pass. */
    void freed(int id, int c) {
        Block block = blocks.remove(id);
        if (block != null) {
            check(id, c, block);
        }
    }

    /** Looks at the canaries of all blocks that are not freed. */
    void checkAll() {
        blocks.forEach((id, block) -> check(id, RankHeap.classFor(block.bytes + CANARY_BYTES), block));
    }

    private void check(int id, int c, Block block) {
        long offset = area.layout.block(Handle.of(id, c, 0)) + block.bytes;
        long found = area.memory.get(LONG, offset);
        if (found != (CANARY ^ id)) {
            throw new BlockOverflowException("the " + CANARY_BYTES + " bytes at offset " + offset
                    + ", behind a block of "
                    + block.bytes + " bytes allocated at " + block.site + ", were overwritten (0x"
                    + Long.toHexString(found) + "); write at most as many bytes as were asked for");
        }
    }

    /** Where a block was allocated, for messages. */
    String siteOf(int id) {
        Block block = blocks.get(id);
        return block == null ? ""
                : "; the block at this place has " + block.bytes + " bytes, allocated at " + block.site;
    }

    /** One line for each class and site with blocks not freed: how many, how many bytes. */
    String leaks() {
        Map<String, long[]> sums = new TreeMap<>();
        blocks.values().forEach(block -> {
            long[] sum = sums.computeIfAbsent("of class " + RankHeap.classFor(block.bytes + CANARY_BYTES)
                    + " allocated at " + block.site, key -> new long[2]);
            sum[0]++;
            sum[1] += block.bytes;
        });
        StringBuilder text = new StringBuilder();
        sums.forEach((key, sum) ->
                text.append(sum[0]).append(" blocks with ").append(sum[1]).append(" bytes ").append(key).append('\n'));
        return text.toString();
    }

    private static String site() {
        return WALKER.walk(frames ->
                frames.filter(f -> !isHeap(f)).findFirst().map(Object::toString).orElse("unknown"));
    }

    private static boolean isHeap(StackFrame frame) {
        String name = frame.getClassName();
        return name.equals(RankHeap.class.getName()) || name.equals(HEAPS + "BlockAudit");
    }
}
