package org.isthmus.comm.coll;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.ReduceOp;

/**
 * What this rank does in one collective: rounds of steps (after Hoefler, Lumsdaine and Rehm, "Implementation and
 * performance analysis of non-blocking collective operations for MPI", SC 2007). An {@link Algorithm} fills it, a
 * {@link ScheduleRun} works it off.
 *
 * <p>The steps of a round start in the order given, copies and reductions being over before the next starts; the round
 * ends when all its transfers have. So a step may send what a copy or reduction ahead of it in its round has written,
 * but use what a receive brings only in a later round. Messages between two ranks match in the order of their steps.
 *
 * <p>Ranks here are those of the collective, or of its current part: 0 to {@link #size()} - 1.
 */
public final class Schedule {
    private static final long TEMPORARY_ALIGNMENT = 16;

    final Communicator comm;
    final int tag;
    private int rank;
    private int size;
    private int[] members;
    private Step[] steps = new Step[8];
    private int length;
    private final List<MemorySegment> temporaries = new ArrayList<>(2);

    /** For all members of {@code communicator}, on its context of collectives. */
    public Schedule(Communicator communicator, int tag) {
        this(communicator.collective(), tag, null, communicator.rank(), communicator.size());
    }

    /**
     * For some members of {@code communicator} only.
     *
     * @param members their ranks in it, this process's included
     * @param rank index of this process in {@code members}
     */
    public Schedule(Communicator communicator, int tag, int[] members, int rank) {
        this(communicator.collective(), tag, members, rank, members.length);
    }

    private Schedule(Communicator comm, int tag, int[] members, int rank, int size) {
        this.comm = comm;
        this.tag = tag;
        this.members = members;
        this.rank = rank;
        this.size = size;
    }

    /**
     * The steps from now on are between some members of the communicator only.
     *
     * @param members their ranks in it, this process's included
     * @param rank index of this process in {@code members}
     */
    void among(int[] members, int rank) {
        this.members = members;
        this.rank = rank;
        this.size = members.length;
    }

    public int rank() {
        return rank;
    }

    public int size() {
        return size;
    }

    /** The rank {@code distance} after this one, around the ring. */
    public int after(int distance) {
        return Math.floorMod(rank + distance, size);
    }

    /** The rank {@code distance} before this one, around the ring. */
    public int before(int distance) {
        return Math.floorMod(rank - distance, size);
    }

    public void send(Buffer buffer, int count, TypeMap type, int dest) {
        add(new Step.Send(buffer, count, type, peer(dest)));
    }

    public void receive(Buffer buffer, int count, TypeMap type, int source) {
        add(new Step.Receive(buffer, count, type, peer(source)));
    }

    /** Copies as a message to oneself would; nothing when source and target are one. */
    public void copy(Buffer source, int sourceCount, TypeMap sourceType, Buffer target, int targetCount,
            TypeMap targetType) {
        if (!source.equals(target)) {
            add(new Step.Copy(source, sourceCount, sourceType, target, targetCount, targetType));
        }
    }

    /** {@link #copy(Buffer, int, TypeMap, Buffer, int, TypeMap)} between buffers of the same count and type. */
    public void copy(Buffer source, Buffer target, int count, TypeMap type) {
        copy(source, count, type, target, count, type);
    }

    /** {@code inout = in op inout}; {@code in} is the operand of the lower ranks. */
    public void reduce(Buffer in, Buffer inout, int count, TypeMap type, ReduceOp op) {
        if (count > 0) {
            add(new Step.Reduce(in, inout, count, type, op));
        }
    }

    /** Ends the round. */
    public void endRound() {
        if (length > 0 && steps[length - 1] != Step.EndOfRound.INSTANCE) {
            add(Step.EndOfRound.INSTANCE);
        }
    }

    /** Room for {@code count} elements of {@code type}, laid out as in a user's buffer, until the schedule is over. */
    public Buffer temporary(int count, TypeMap type) {
        long last = Math.max(0, count - 1) * type.extent();
        long low = type.trueLowerBound() + Math.min(0, last);
        long high = type.trueLowerBound() + type.trueExtent() + Math.max(0, last);
        long origin = low < 0 ? -low + TEMPORARY_ALIGNMENT - 1 & -TEMPORARY_ALIGNMENT : 0;
        MemorySegment block = TemporaryBuffers.ofProcess().take(Math.max(1, origin + high));
        temporaries.add(block);
        return new Buffer(block, origin);
    }

    /** The gap-free type whose {@link #packedCount} elements are a packed message of {@code type}. */
    static TypeMap packedType(TypeMap type) {
        return TypeMap.of(type.base());
    }

    /** @throws CommException {@code COUNT} when they are 2^31 or more. */
    static int packedCount(long count, TypeMap type) {
        long packed = count * type.size() / type.base().bytes();
        if (packed > Integer.MAX_VALUE) {
            throw new CommException(ErrorClass.COUNT, "a message of " + count + " elements of " + type.size()
                    + " bytes has " + packed + " basic elements, at most " + Integer.MAX_VALUE
                    + " are possible; use several smaller calls");
        }
        return (int) packed;
    }

    int length() {
        return length;
    }

    Step step(int index) {
        return steps[index];
    }

    /** Gives the temporary buffers back; no step may be under way. */
    void release() {
        steps = null;
        for (MemorySegment block : temporaries) {
            TemporaryBuffers.ofProcess().give(block);
        }
    }

    private int peer(int rank) {
        return members == null ? rank : members[rank];
    }

    private void add(Step step) {
        if (length == steps.length) {
            steps = Arrays.copyOf(steps, 2 * length);
        }
        steps[length++] = step;
    }
}
