package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.ReduceOp;
import org.isthmus.comm.topology.Neighborhood;

/**
 * The arguments of one call of one collective, in one shape for all: a send side and a receive side, each either
 * regular (block {@code i} after {@code i * count} extents), or with counts and displacements in extents (v), or with
 * counts, displacements in bytes and types (w). Broadcasts have a send side only; reductions have their count and type
 * on the receive side. In-place calls of reductions have their input as the send side. In neighbourhood collectives
 * block {@code i} is that of neighbour {@code i} instead of rank {@code i}. Arrays are the caller's, not copied.
 */
public final class CollectiveCall {
    private final CollectiveKind kind;
    private final int size;
    private int root;
    private ReduceOp op;
    private boolean inPlace;
    private long bytes;
    private Neighborhood neighborhood;

    private Buffer send;
    private int sendCount;
    private int[] sendCounts;
    private int[] sendDisplacements;
    private TypeMap sendType;
    private TypeMap[] sendTypes;

    private Buffer receive;
    private int receiveCount;
    private int[] receiveCounts;
    private int[] receiveDisplacements;
    private TypeMap receiveType;
    private TypeMap[] receiveTypes;

    /** @param size ranks that take part */
    public CollectiveCall(CollectiveKind kind, int size) {
        this.kind = kind;
        this.size = size;
    }

    public CollectiveCall root(int root) {
        this.root = root;
        return this;
    }

    public CollectiveCall op(ReduceOp op) {
        this.op = op;
        return this;
    }

    /** Of a neighbourhood collective: whom this rank exchanges blocks with. */
    public CollectiveCall neighborhood(Neighborhood neighborhood) {
        this.neighborhood = neighborhood;
        return this;
    }

    /** The input of a reduction, of the receive side's count and type; null base: in place, in the receive buffer. */
    public CollectiveCall operand(Object base, long offset) {
        inPlace = base == null;
        send = inPlace ? receive : new Buffer(base, offset);
        return this;
    }

    /** A regular send side; null base: in place. */
    public CollectiveCall send(Object base, long offset, int count, TypeMap type) {
        inPlace |= base == null;
        send = new Buffer(base, offset);
        sendCount = count;
        sendType = type;
        return this;
    }

    /** A send side with displacements in extents; null base: in place. */
    public CollectiveCall sendV(Object base, long offset, int[] counts, int[] displacements, TypeMap type) {
        sendCounts = counts;
        sendDisplacements = displacements;
        return send(base, offset, 0, type);
    }

    /** A send side with displacements in bytes; null base: in place. */
    public CollectiveCall sendW(Object base, long offset, int[] counts, int[] displacements, TypeMap[] types) {
        sendTypes = types;
        return sendV(base, offset, counts, displacements, null);
    }

    /** A regular receive side; null base: in place, where a receive side can be. */
    public CollectiveCall receive(Object base, long offset, int count, TypeMap type) {
        inPlace |= base == null;
        receive = new Buffer(base, offset);
        receiveCount = count;
        receiveType = type;
        return this;
    }

    /** A receive side with displacements in extents; those of a reduce-scatter are null. */
    public CollectiveCall receiveV(Object base, long offset, int[] counts, int[] displacements, TypeMap type) {
        receiveCounts = counts;
        receiveDisplacements = displacements;
        return receive(base, offset, 0, type);
    }

    /** A receive side with displacements in bytes. */
    public CollectiveCall receiveW(Object base, long offset, int[] counts, int[] displacements, TypeMap[] types) {
        receiveTypes = types;
        return receiveV(base, offset, counts, displacements, null);
    }

    /** @param bytes see {@link #bytes()} */
    public CollectiveCall bytes(long bytes) {
        this.bytes = bytes;
        return this;
    }

    public CollectiveKind kind() {
        return kind;
    }

    /** Ranks that take part. */
    public int size() {
        return size;
    }

    public int root() {
        return root;
    }

    public ReduceOp op() {
        return op;
    }

    /** Whether this rank has its input, or the root of a scatter its output, in the other side's buffer. */
    public boolean isInPlace() {
        return inPlace;
    }

    /**
     * The size that algorithms are chosen by, equal on all ranks: of broadcasts, reductions and scans the vector, of
     * gather, scatter and alltoall the block of one rank, of allgather(v) and reduce-scatter the blocks of all ranks;
     * 0 where not every rank knows it.
     */
    public long bytes() {
        return bytes;
    }

    public Neighborhood neighborhood() {
        return neighborhood;
    }

    public Buffer send() {
        return send;
    }

    public int sendCount() {
        return sendCount;
    }

    public TypeMap sendType() {
        return sendType;
    }

    public int sendCount(int rank) {
        return sendCounts == null ? sendCount : sendCounts[rank];
    }

    public TypeMap sendType(int rank) {
        return sendTypes == null ? sendType : sendTypes[rank];
    }

    /** Where the block for {@code rank} begins. */
    public Buffer send(int rank) {
        return send.at(displacement(rank, sendCount, sendDisplacements, sendType));
    }

    public Buffer receive() {
        return receive;
    }

    public int receiveCount() {
        return receiveCount;
    }

    public TypeMap receiveType() {
        return receiveType;
    }

    public int receiveCount(int rank) {
        return receiveCounts == null ? receiveCount : receiveCounts[rank];
    }

    public TypeMap receiveType(int rank) {
        return receiveTypes == null ? receiveType : receiveTypes[rank];
    }

    /** Where the block of {@code rank} begins. */
    public Buffer receive(int rank) {
        return receive.at(displacement(rank, receiveCount, receiveDisplacements, receiveType));
    }

    /** Of a reduce-scatter: the element of the input that each rank's block begins at, and the end of the last. */
    int[] blockBounds() {
        int[] bounds = new int[size + 1];
        for (int i = 0; i < size; i++) {
            bounds[i + 1] = Math.addExact(bounds[i], receiveCount(i));
        }
        return bounds;
    }

    private static long displacement(int rank, int count, int[] displacements, TypeMap type) {
        if (displacements == null) {
            return (long) rank * count * type.extent();
        }
        return type == null ? displacements[rank] : displacements[rank] * type.extent();
    }
}
