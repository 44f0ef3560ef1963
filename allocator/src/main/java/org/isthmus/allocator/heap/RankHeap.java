package org.isthmus.allocator.heap;

import java.util.function.IntConsumer;
import org.isthmus.allocator.policy.HeapCounters;
import org.isthmus.allocator.policy.HeapLimits;
import org.isthmus.allocator.policy.SiteHints;
import org.isthmus.allocator.policy.SizeHistogram;
import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;
import org.isthmus.allocator.slab.StateWord;

/**
 * One rank's heap in the node's area: blocks of 1 byte up to the largest run, allocated by this rank, handed to any
 * other, freed by whoever holds them.
 *
 * <p>The way of a block: {@link #allocate} takes it off a private stack and stores its state word; {@link #handOver}
 * marks it as on its way before a ring carries its handle; the receiver's {@link #accept} makes it the receiver's; its
 * {@link #free} marks it returned and gathers the owner's hint; the owner's {@link #collect} puts it back on the stack.
 * A receiver that reads a block at once and is done with it uses {@link #peek} and {@link #consume} instead, which
 * store once, after the reading. A heap killed anywhere on this way leaves nothing that {@link #reap} of a
 * survivor does not take back.
 *
 * <p>Assumptions: all methods but {@link #setLimits} are called by one thread at a time, the one that owns the heap.
 * Guarantees: a wrong handle is refused by one compare with the state word and changes nothing. Progress: wait-free but
 * for slow paths, which are lock-free.
 *
 * <p>Longer than other classes here, as every call of a block's way is in it, each short, and they share all its
 * fields.
 */
public final class RankHeap implements AutoCloseable {
    /** For requests that belong to no site. */
    public static final long NO_SITE = -1;

    private final HeapArea area;
    private final HeapLayout layout;
    private final int me;
    /** Status and holder of a block in this heap's hands. */
    private final int mine;
    private final OwnedSlabs slabs;
    private final FreeStacks stacks;
    // What hit paths read again after every call that is not inlined, so each one step away.
    private final SlabNames names;
    private final SharedWords states;
    private final long dataOffset;
    private long[] entries;
    private final Collector collector;
    private final HandedOver handedOver = new HandedOver();
    private final BlockSource source;
    private final ReturnBatch returns;
    private final Reaper reaper;
    private final HeapCounters counters = new HeapCounters(SizeClasses.COUNT + 1);
    private final BlockAudit audit;
    private final SiteHints hints;
    private volatile HeapLimits limits;
    private final HandleChecks checks;
    private HeapLimits obeyed;
    /** The last block that {@link #peek} has shown, and its state word. */
    private long peeked = Handle.NONE;
    private long peekedWord;
    private int zeroBytes;
    /** Whether an allocation has more to do than to take a block. */
    private boolean dressed;

    private RankHeap(HeapArea area, int heap, HeapOptions options) {
        this.area = area;
        this.layout = area.layout;
        this.checks = new HandleChecks(area);
        this.me = heap;
        this.mine = StateWord.of(0, StateWord.LIVE, heap);
        this.limits = options.limits();
        this.obeyed = limits;
        this.audit = options.checked() ? new BlockAudit(area) : null;
        this.hints = options.siteHints() ? new SiteHints(SizeClasses.COUNT) : null;
        Superpages superpages = new Superpages(area, heap, options.keptFree());
        this.slabs = new OwnedSlabs(area, superpages, counters, options);
        this.names = slabs.names();
        this.states = area.states();
        this.dataOffset = layout.dataOffset;
        this.stacks = new FreeStacks(slabs, counters, limits);
        this.collector = new Collector(area, heap, slabs, stacks, counters, audit);
        this.returns = new ReturnBatch(area, counters, limits.flushBatch());
        this.source = new BlockSource(slabs, stacks, collector, handedOver, returns, counters, hints);
        this.reaper = new Reaper(area, heap, superpages, slabs);
        obey(limits);
    }

    /**
     * Takes a heap's slot into use.
     *
     * @param heap its index, below {@link HeapArea#heaps}
     * @throws IllegalStateException if the slot is in use, or its last user was not reaped yet
     */
    public static RankHeap open(HeapArea area, int heap, HeapOptions options) {
        area.checkHeap(heap);
        long control = area.control(heap);
        int status = HeapDescriptor.status(control);
        if (status == HeapDescriptor.ALIVE || status == HeapDescriptor.DEAD
                || !area.casControl(heap, control, HeapDescriptor.nextLife(control))) {
            throw new IllegalStateException("heap " + heap
                    + " is in use or its last user was not reaped; use another index, or reap it first");
        }
        return new RankHeap(area, heap, options);
    }

    /** The largest block that the area could ever hold. */
    private long maxBytes() {
        return (long) layout.superpages * SizeClasses.SUPERPAGE_BYTES;
    }

    static int classFor(long bytes) {
        return bytes > SizeClasses.MAX_BYTES ? SizeClasses.BIG : SizeClasses.of((int) bytes);
    }

    /**
     * A block of at least {@code bytes}, aligned to 64; its contents are undefined unless the limits say otherwise.
     *
     * @return its handle, or {@link Handle#NONE} when there is no room: drive progress and try again
     * @throws IllegalArgumentException for a size that is not positive or more than the area has
     */
    public long allocate(long bytes) {
        return allocate(bytes, NO_SITE);
    }

    /**
     * The same on behalf of a site, which matters when the stack runs empty and the options ask for site hints.
     *
     * @param site a communicator's context, or any other number that stands for a place in the program
     */
    public long allocate(long bytes, long site) {
        return dressed ? allocateDressed(bytes, site) : take(bytes, site);
    }

    /**
     * The same for what has arrived and cannot wait: beyond {@link HeapOptions#mostBytes}, as far as the node has room.
     *
     * @param bytes at most {@link SizeClasses#MAX_BYTES}
     */
    public long allocateBeyondBound(long bytes) {
        slabs.setBounded(false);
        try {
            return allocate(bytes);
        } finally {
            slabs.setBounded(true);
        }
    }

    private long take(long bytes, long site) {
        if (!SizeClasses.isListed(bytes)) {
            return takeLarger(bytes, site);
        }
        return takeOfClass(SizeClasses.ofListed(bytes), bytes, site);
    }

    /** {@link FreeStacks#pop}, by the fields of this heap. */
    private long takeOfClass(int c, long bytes, long site) {
        int top = (int) entries[c];
        long last = entries[top];
        if (last == FreeStacks.EDGE) {
            return takeSlowly(c, (int) bytes, site);
        }
        entries[c] = top - 1;
        return live(last);
    }

    private long takeLarger(long bytes, long site) {
        if (bytes <= 0 || bytes > SizeClasses.MAX_BYTES) {
            return takeRun(bytes);
        }
        return takeOfClass(SizeClasses.of((int) bytes), bytes, site);
    }

    /** Begins a block's next life. */
    private long live(long last) {
        if (KillPoint.ENABLED) {
            KillPoint.ALLOCATE_BEFORE_STATE.reach();
        }
        long handle = Handle.next(last);
        // Plain: others learn of the block through a ring's release store.
        states.setInt(HeapLayout.stateOf(handle), StateWord.inLifeOf(handle, mine));
        if (KillPoint.ENABLED) {
            KillPoint.ALLOCATE_AFTER_STATE.reach();
        }
        return handle;
    }

    private long takeSlowly(int c, int bytes, long site) {
        obeyLimits();
        int from = source.fill(c, bytes, site);
        if (from < 0) {
            return Handle.NONE;
        }
        return live(stacks.pop(from));
    }

    private long takeRun(long bytes) {
        if (bytes <= 0 || bytes > maxBytes()) {
            throw new IllegalArgumentException("a block has 1 to " + maxBytes() + " bytes here, asked for " + bytes
                    + "; for more enlarge /dev/shm or the setting isthmus.segment.window");
        }
        obeyLimits();
        Slab run = source.run(bytes);
        if (run == null) {
            return Handle.NONE;
        }
        int id = run.id(0);
        return live(Handle.of(id, SizeClasses.BIG, area.statePlain(layout.state(id))));
    }

    private long allocateDressed(long bytes, long site) {
        long handle = take(audit == null || bytes <= 0 ? bytes : bytes + BlockAudit.CANARY_BYTES, site);
        if (handle == Handle.NONE) {
            return handle;
        }
        if (audit != null) {
            audit.allocated(Handle.id(handle), Handle.sizeClass(handle), bytes);
        }
        area.memory.asSlice(offset(handle), Math.min(bytes, zeroBytes)).fill((byte) 0);
        return handle;
    }

    /**
     * Whether the heap has blocks for {@code bytes} at all; if not, a refused allocation has nothing of its own to wait
     * for.
     */
    public boolean hasBlocksFor(long bytes) {
        return slabs.hasSlab(classFor(bytes));
    }

    /**
     * Whether a handle from another process names a block below {@link SizeClasses#BIG} with room for {@code bytes}.
     */
    public boolean hasRoom(long handle, long bytes) {
        return Handle.isWellFormed(handle, layout.superpages) && Handle.sizeClass(handle) != SizeClasses.BIG
                && bytes >= 0 && bytes <= SizeClasses.bytes(Handle.sizeClass(handle));
    }

    /**
     * Where in the segment a block begins. For a handle of this process; one from elsewhere goes through {@link
     * #accept}.
     */
    public long offset(long handle) {
        return dataOffset + HeapLayout.blockOf(handle);
    }

    /**
     * Frees a block that this heap holds: allocated here and not handed over, or accepted.
     *
     * @throws BadHandleException if it holds no such block: freed before, handed over, never held
     */
    public void free(long handle) {
        long name = names.at(handle);
        if (!SlabNames.isOf(handle, name)) {
            freeOther(handle);
            return;
        }
        freeOwn(handle, HeapLayout.stateOf(handle));
        int c = Handle.sizeClass(handle);
        int top = (int) entries[c] + 1;
        if (entries[top] == FreeStacks.EDGE) {
            stacks.push(handle, c);
            return;
        }
        entries[top] = handle;
        entries[c] = top;
    }

    /** @param word its state word, from {@link HeapLayout#statesOffset} on */
    private void freeOwn(long handle, long word) {
        int state = states.getInt(word);
        if (state != StateWord.inLifeOf(handle, mine)) {
            throw refuse(handle, state);
        }
        if (audit != null) {
            audit.freed(Handle.id(handle), Handle.sizeClass(handle));
        }
        states.setInt(word, StateWord.freed(state));
        if (KillPoint.ENABLED) {
            KillPoint.LOCAL_FREE_AFTER_STATE.reach();
        }
    }

    private void freeOther(long handle) {
        if (slabs.isOfRun(handle)) {
            int id = Handle.id(handle);
            freeOwn(handle, HeapLayout.stateOf(id));
            slabs.park(id, SizeClasses.BIG);
        } else {
            freeForeign(handle);
        }
    }

    private void freeForeign(long handle) {
        long word = checks.state(handle);
        int live = StateWord.inLifeOf(handle, mine);
        int state = area.statePlain(word);
        if (state != live) {
            throw refuse(handle, state);
        }
        giveBack(handle, word, live);
    }

    /**
     * Marks a block of this heap as on its way to another; the caller publishes the handle next.
     *
     * @throws BadHandleException if the block is not this heap's own, or not held
     */
    public void handOver(long handle, int receiver) {
        area.checkHeap(receiver);
        int c = Handle.sizeClass(handle);
        if (!slabs.isOfSlab(handle) && !slabs.isOfRun(handle)) {
            checks.state(handle);
            throw new BadHandleException(Handle.describe(handle)
                    + " belongs to another heap; only its owner can hand it over");
        }
        long word = layout.state(Handle.id(handle));
        int state = area.statePlain(word);
        if (state != StateWord.inLifeOf(handle, mine)) {
            throw refuse(handle, state);
        }
        area.setStatePlain(word, StateWord.inLifeOf(handle, StateWord.of(0, StateWord.INFLIGHT, receiver)));
        if (c != SizeClasses.BIG) {
            handedOver.add(handle, c);
        }
        if (KillPoint.ENABLED) {
            KillPoint.HAND_OVER_AFTER_STATE.reach();
        }
    }

    /**
     * Makes a block that was handed to this heap its own to read, write and free. Checks the handle, which another
     * process wrote.
     *
     * @return the block's offset in the segment
     * @throws BadHandleException if no such block is on its way to this heap
     */
    public long accept(long handle) {
        long word = checks.state(handle);
        int generation = Handle.generation(handle);
        int live = StateWord.of(generation, StateWord.LIVE, me);
        if (!area.casState(word, StateWord.of(generation, StateWord.INFLIGHT, me), live)
                && !area.casState(word, StateWord.of(generation, StateWord.ORPHAN, me), live)) {
            throw refuse(handle, area.statePlain(word));
        }
        if (KillPoint.ENABLED) {
            KillPoint.ACCEPT_AFTER_STATE.reach();
        }
        return offset(handle);
    }

    /**
     * Looks at a block that was handed to this heap, without a store: for one who reads it now and then calls
     * {@link #consume}. Checks the handle as {@link #accept} does.
     *
     * @param bytes how many will be read; at most what the block's class has room for
     * @return the block's offset in the segment
     * @throws BadHandleException if no such block is on its way to this heap, or it is shorter
     */
    public long peek(long handle, int bytes) {
        long word = checks.state(handle);
        isOnItsWay(handle, word);
        int c = Handle.sizeClass(handle);
        if (bytes < 0 || c == SizeClasses.BIG || bytes > SizeClasses.bytes(c)) {
            throw new BadHandleException(Handle.describe(handle) + " has no room for " + bytes + " bytes");
        }
        peeked = handle;
        peekedWord = word;
        return offset(handle);
    }

    /**
     * Frees a block that {@link #peek} has shown.
     *
     * @throws BadHandleException if no such block is on its way to this heap
     */
    public void consume(long handle) {
        long word = handle == peeked ? peekedWord : checks.state(handle);
        int state = isOnItsWay(handle, word);
        // A plain compare will do: a reaper may make it ORPHAN meanwhile, which RETURNED may follow as well.
        giveBack(handle, word, state);
    }

    private int isOnItsWay(long handle, long word) {
        int state = area.statePlain(word);
        int generation = Handle.generation(handle);
        if (state != StateWord.of(generation, StateWord.INFLIGHT, me)
                && state != StateWord.of(generation, StateWord.ORPHAN, me)) {
            throw refuse(handle, state);
        }
        return state;
    }

    /** SYNC(block.return): this heap's accesses to the block are over. */
    private void giveBack(long handle, long word, int state) {
        area.setStateRelease(word, StateWord.withStatus(state, StateWord.RETURNED));
        if (KillPoint.ENABLED) {
            KillPoint.RETURN_AFTER_STATE.reach();
        }
        returns.add(Handle.id(handle));
    }

    private BadHandleException refuse(long handle, int state) {
        return new BadHandleException(Handle.describe(handle) + " is not a block in the hands of heap " + me
                + ": the block is " + StateWord.describe(state) + "; it was freed or handed over before"
                + (audit == null ? "" : audit.siteOf(Handle.id(handle))));
    }

    /**
     * Sets who is told, by index, of heaps whose owners find blocks that this one has given back and that they had not
     * found at their last look. Called within {@link #free}, {@link #consume} and {@link #flush}.
     */
    public void onReturn(IntConsumer listener) {
        returns.onReturn(listener);
    }

    /** Tells owners at once what this heap has freed of theirs; call when there is nothing else to do. */
    public void flush() {
        returns.flush();
    }

    /** Takes back what others have freed; also done by allocation when a stack runs empty. */
    public void collect() {
        collector.collect();
    }

    /** Gives everything that is not in use back to the node: for a rank that rests, or an area that is full. */
    public void trim() {
        source.trim();
    }

    /**
     * Takes back what dead heaps held and owned. Any survivor may do so, repeatedly; one works at a time.
     *
     * @return whether no dead heap is left unreaped; false while another heap is at work
     */
    public boolean reap() {
        return reaper.reap();
    }

    /**
     * Gives back blocks that dead heaps have sent here and that no ring has delivered. Call once the rings of all dead
     * ranks are drained, after {@link #reap} by anybody.
     */
    public void returnUndelivered() {
        reaper.returnUndelivered();
    }

    /** What was set last; the heap may not obey it yet. */
    public HeapLimits limits() {
        return limits;
    }

    /** Any thread; obeyed from the next slow path on. */
    public void setLimits(HeapLimits limits) {
        this.limits = DefaultLimits.checked(limits);
    }

    private void obeyLimits() {
        if (limits != obeyed) {
            obey(limits);
        }
    }

    private void obey(HeapLimits snapshot) {
        obeyed = snapshot;
        zeroBytes = snapshot.zeroBytes();
        dressed = audit != null || zeroBytes != 0;
        source.obey(snapshot);
        slabs.obey(snapshot);
        returns.setLimit(snapshot.flushBatch());
        stacks.resize(snapshot);
        entries = stacks.entries();
    }

    /** Written by the owner alone, on slow paths. The entry after the last class counts runs. */
    public HeapCounters counters() {
        return counters;
    }

    /** Sizes of the requests that found an empty stack. Written by the owner alone. */
    public SizeHistogram requests() {
        return source.requests();
    }

    /** Forgets a site whose communicator was freed. */
    public void forgetSite(long site) {
        if (hints != null) {
            hints.forget(site);
        }
    }

    /** In checked mode, the blocks not freed, a line for each class and site; else empty. */
    public String leaks() {
        return audit == null ? "" : audit.leaks();
    }

    /**
     * In checked mode, looks at the canaries of all blocks that are not freed.
     *
     * @throws BlockOverflowException if one was overwritten
     */
    public void checkCanaries() {
        if (audit != null) {
            audit.checkAll();
        }
    }

    /** Grows with every request that found an empty stack, so that an idle heap can be told. */
    public long work() {
        return source.requests().total();
    }

    /** Superpages that belong to this heap. */
    public int ownedSuperpages() {
        return slabs.ownedCount();
    }

    /**
     * Ends the heap. Blocks still held by it go back; if others hold blocks of it, its slot stays dead until they have
     * reaped it.
     */
    @Override
    public void close() {
        flush();
        collector.collectUntold();
        String leaks = leaks();
        if (!leaks.isEmpty()) {
            System.getLogger(RankHeap.class.getName())
                    .log(System.Logger.Level.WARNING, "heap " + me + " ends with\n" + leaks);
        }
        reaper.returnHeldBy(me);
        area.raiseSweepEpoch();
        trim();
        long control = area.control(me);
        int status = slabs.ownedCount() == 0 ? HeapDescriptor.FREE : HeapDescriptor.DEAD;
        boolean ignored = area.casControl(me, control, HeapDescriptor.withStatus(control, status));
    }

    /** For tests: finds any block that is free in no place or in two. */
    void checkInvariants() {
        new HeapCheck(area, slabs, stacks).run();
    }
}
