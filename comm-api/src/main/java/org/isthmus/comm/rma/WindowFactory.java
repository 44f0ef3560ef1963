package org.isthmus.comm.rma;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import org.isthmus.allocator.heap.UserMemory;
import org.isthmus.allocator.segment.SegmentFullException;
import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.coll.CollectivesFactory;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.group.CommunicatorFactory;
import org.isthmus.comm.progress.EngineLock;
import org.isthmus.comm.progress.Progress;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.endpoint.OneSidedRequests;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.spi.Capabilities;
import org.isthmus.node.status.NodeStatus;

/**
 * Makes and frees the windows of this process. Members tell each other in one allgather where their memory lies; the
 * lowest of each node brings the control memory.
 *
 * <p>Under the engine lock, but {@link #serve} and {@link #stop}.
 */
public final class WindowFactory {
    private static final TypeMap LONG = TypeMap.of(Primitive.LONG);

    /** What a member tells: a row of the table. */
    private static final int ROW = 6;
    private static final int PLACE = 0;
    private static final int OFFSET = 1;
    private static final int BYTES = 2;
    private static final int UNIT = 3;
    private static final int CONTROL = 4;
    /** What other nodes' multiplexers can do with this one's memory: ordinal of {@code Capabilities.OneSided}. */
    private static final int ONE_SIDED = 5;

    private static final long IN_SEGMENT = 1;
    private static final long ELSEWHERE = 2;
    private static final long NO_ROOM = 3;
    /** Its bytes follow those of the joined member before. */
    private static final long JOINED = 4;

    private final RankEndpoint endpoint;
    private final NodeRanks ranks;
    private final UserMemory userMemory;
    private final CommunicatorFactory communicators;
    private final CollectivesFactory collectives;
    private final Progress progress;
    private final EngineLock lock;
    private final OneSidedRequests oneSided;
    /** What the windows that are not freed need: others may use it although this process has lost the handle. */
    private final Map<Window, Object[]> open = new IdentityHashMap<>();
    private ProgressThread thread;

    public WindowFactory(RankEndpoint endpoint, NodeRanks ranks, UserMemory userMemory,
            CommunicatorFactory communicators, CollectivesFactory collectives, Progress progress, EngineLock lock,
            OneSidedRequests oneSided) {
        this.oneSided = oneSided;
        this.endpoint = endpoint;
        this.ranks = ranks;
        this.userMemory = userMemory;
        this.communicators = communicators;
        this.collectives = collectives;
        this.progress = progress;
        this.lock = lock;
    }

    /**
     * Collective over {@code parent}, an intracommunicator.
     *
     * @param owner of the memory that is exposed, kept reachable until the window is freed; may be null
     */
    public Window create(Communicator parent, Exposure exposure, Object owner) {
        Communicator comm = communicators.dup(parent);
        Collectives all = collectives.of(comm);
        int size = comm.size();
        int[] lockIndices = new int[size];
        int members = 0;
        for (int rank = 0; rank < size; rank++) {
            lockIndices[rank] = place(comm, rank) == NodeRanks.ELSEWHERE ? -1 : members++;
        }
        MemorySegment memory = exposure.memory();
        MemorySegment control = null;
        long[] row = new long[ROW];
        try {
            if (lockIndices[comm.rank()] == 0) {
                control = userMemory.allocate(WindowDescriptor.bytes(members));
                row[CONTROL] = offset(control);
            }
            if (exposure.joined()) {
                row[PLACE] = JOINED;
            } else {
                if (memory == null) {
                    memory = userMemory.allocate(exposure.bytes());
                }
                long offset = offset(memory);
                row[PLACE] = offset >= 0 || memory == endpoint.memory() ? IN_SEGMENT : ELSEWHERE;
                row[OFFSET] = Math.max(offset, 0) + exposure.offset();
            }
        } catch (SegmentFullException full) {
            row[PLACE] = NO_ROOM;
        }
        row[BYTES] = exposure.bytes();
        row[UNIT] = exposure.unit();
        row[ONE_SIDED] = new NodeStatus(endpoint.segment()).oneSided().ordinal();
        long[] table = new long[ROW * size];
        all.allgather(row, 0, ROW, LONG, table, 0, ROW, LONG);
        checkAgreed(comm, exposure.flavor(), table, members);
        MemorySegment joined = join(comm, all, table);
        int leader = 0;
        while (lockIndices[leader] != 0) {
            leader++;
        }
        long controlBase = table[ROW * leader + CONTROL];
        WindowLayout layout = layout(comm, exposure, memory, table, lockIndices, controlBase);
        LockWords locks = new LockWords(endpoint.memory(), controlBase, places(comm, members), endpoint.waiter(),
                progress);
        Window window = new Window(comm, all, layout, locks, (rank, atomics) ->
                new FarMemory(endpoint, oneSided, progress, rank, atomics));
        open.put(window, new Object[] {owner, memory, control, joined});
        return window;
    }

    /**
     * Gives the joined members memory of the first of them, one after the other in order of rank, and enters it in the
     * table; returns that memory, null on all other ranks.
     */
    private MemorySegment join(Communicator comm, Collectives all, long[] table) {
        int first = -1;
        long bytes = 0;
        for (int rank = comm.size() - 1; rank >= 0; rank--) {
            if (table[ROW * rank + PLACE] == JOINED) {
                first = rank;
                bytes += table[ROW * rank + BYTES];
            }
        }
        if (first < 0) {
            return null;
        }
        MemorySegment memory = null;
        long[] start = {-1};
        if (first == comm.rank()) {
            try {
                memory = userMemory.allocate(bytes);
                start[0] = offset(memory);
            } catch (SegmentFullException full) {
                start[0] = -1; // all ranks say so below
            }
        }
        all.bcast(start, 0, 1, LONG, first);
        if (start[0] < 0) {
            communicators.free(comm);
            throw new CommException(ErrorClass.NO_MEM, noRoom(first, bytes));
        }
        for (int rank = first; rank < comm.size(); rank++) {
            if (table[ROW * rank + PLACE] == JOINED) {
                table[ROW * rank + PLACE] = IN_SEGMENT;
                table[ROW * rank + OFFSET] = start[0];
                start[0] += table[ROW * rank + BYTES];
            }
        }
        return memory;
    }

    private static String noRoom(int rank, long bytes) {
        return "rank " + rank + " found the node's shared memory full: it needs " + bytes
                + " bytes; enlarge /dev/shm or the setting isthmus.segment.window";
    }

    /** Collective over the window's members. */
    public void free(Window window) {
        window.close();
        open.remove(window);
        communicators.free(window.communicator());
    }

    /** Whether a window that is not freed has that rank of the job among its members: its memory may be accessed. */
    public boolean reaches(int worldRank) {
        for (Window window : open.keySet()) {
            if (window.communicator().rankOfWorld(worldRank) >= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Sees to it that this process makes progress for {@code window} even while it computes. Called after creation,
     * while no thread of this process is in the engine.
     */
    public void serve(Window window) {
        if (window.isServed() && thread == null) {
            lock.share();
            thread = new ProgressThread(progress, lock);
            thread.start();
        }
    }

    /** Ends the thread that {@link #serve} may have started. */
    public void stop() {
        if (thread != null) {
            thread.end();
        }
    }

    private WindowLayout layout(Communicator comm, Exposure exposure, MemorySegment memory, long[] table,
            int[] lockIndices, long control) {
        int size = comm.size();
        int me = comm.rank();
        boolean dynamic = exposure.flavor() == Exposure.Flavor.DYNAMIC;
        long[] bytes = new long[size];
        int[] units = new int[size];
        WindowMemory[] direct = new WindowMemory[size];
        long[] far = new long[size];
        boolean[] farAtomics = new boolean[size];
        long ownLevel = table[ROW * me + ONE_SIDED];
        boolean reached = table[ROW * me + PLACE] == IN_SEGMENT;
        for (int rank = 0; rank < size; rank++) {
            long[] row = Arrays.copyOfRange(table, ROW * rank, ROW * (rank + 1));
            bytes[rank] = row[BYTES];
            units[rank] = (int) row[UNIT];
            reached &= lockIndices[rank] >= 0;
            long level = Math.min(ownLevel, row[ONE_SIDED]);
            // the multiplexers of others are not ours to ask
            boolean isOfThisJob = comm.worldRank(rank) < ranks.jobSize();
            boolean isFar = !dynamic && isOfThisJob && lockIndices[rank] < 0 && row[PLACE] == IN_SEGMENT
                    && level >= Capabilities.OneSided.COPIES.ordinal();
            far[rank] = isFar ? row[OFFSET] : -1;
            farAtomics[rank] = isFar && level >= Capabilities.OneSided.ATOMICS.ordinal();
            if (!dynamic && lockIndices[rank] >= 0 && row[PLACE] == IN_SEGMENT) {
                ElementLock elements = new ElementLock(endpoint.memory(),
                        control + WindowDescriptor.elements(lockIndices[rank]), me, progress);
                direct[rank] = new WindowMemory(endpoint.memory(), checked(row, rank), bytes[rank], units[rank], 0,
                        elements);
            } else if (!dynamic && rank == me) {
                direct[rank] = new WindowMemory(memory, exposure.offset(), bytes[rank], units[rank], 0, null);
            }
        }
        boolean served = size > 1 && (dynamic || !reached);
        return new WindowLayout(exposure.flavor(), bytes, units, direct, lockIndices, far, farAtomics, served);
    }

    private long checked(long[] row, int rank) {
        long end = endpoint.memory().byteSize();
        if (row[OFFSET] < 0 || row[BYTES] < 0 || row[OFFSET] > end - row[BYTES]) {
            throw new CommException(ErrorClass.INTERN, "rank " + rank + " says that its window has " + row[BYTES]
                    + " bytes at " + row[OFFSET] + " of the segment of " + end);
        }
        return row[OFFSET];
    }

    private void checkAgreed(Communicator comm, Exposure.Flavor flavor, long[] table, int members) {
        String problem = null;
        int errorClass = ErrorClass.NO_MEM;
        for (int rank = 0; rank < comm.size() && problem == null; rank++) {
            if (table[ROW * rank + PLACE] == NO_ROOM) {
                problem = noRoom(rank, table[ROW * rank + BYTES]);
            }
        }
        if (problem == null && flavor == Exposure.Flavor.SHARED && members < comm.size()) {
            errorClass = ErrorClass.RMA_SHARED;
            problem = "the communicator has ranks on several nodes, which share no memory: make one for each node by "
                    + "splitType(Comm.TYPE_SHARED, ...)";
        }
        if (problem != null) {
            communicators.free(comm);
            throw new CommException(errorClass, problem);
        }
    }

    private long offset(MemorySegment memory) {
        long offset = memory.address() - endpoint.memory().address();
        return memory.isNative() && offset >= 0 && offset < endpoint.memory().byteSize() ? offset : -1;
    }

    private int place(Communicator comm, int rank) {
        return ranks.place(comm.worldRank(rank));
    }

    private int[] places(Communicator comm, int members) {
        int[] places = new int[members];
        int next = 0;
        for (int rank = 0; rank < comm.size(); rank++) {
            if (place(comm, rank) != NodeRanks.ELSEWHERE) {
                places[next++] = place(comm, rank);
            }
        }
        return places;
    }
}
