package org.isthmus.comm.file;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.CollectiveCall;
import org.isthmus.comm.coll.CollectiveKind;
import org.isthmus.comm.coll.CollectiveRequest;
import org.isthmus.comm.coll.Schedule;
import org.isthmus.comm.coll.ScheduleRun;
import org.isthmus.comm.coll.ScheduledCollectives;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.PredefinedOp;

/** The ranks that have a file open: how they agree, and which of them read and write for the others. */
final class FileGroup {
    private static final TypeMap LONG = TypeMap.of(Primitive.LONG);
    private static final int MOST_NUMBERS = 3;
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);

    private final Communicator comm;
    private final ScheduledCollectives collectives;
    /** The ranks of each node, in order. */
    private final List<List<Integer>> nodes;

    /**
     * @param comm used by nobody else
     * @param nodeOf the node of a rank of the job
     */
    FileGroup(Communicator comm, IntUnaryOperator nodeOf) {
        this.comm = comm;
        this.collectives = new ScheduledCollectives(comm, AlgorithmTable.ofPointToPoint());
        Map<Integer, List<Integer>> byNode = new LinkedHashMap<>();
        for (int rank = 0; rank < comm.size(); rank++) {
            byNode.computeIfAbsent(nodeOf.applyAsInt(comm.worldRank(rank)), node -> new ArrayList<>()).add(rank);
        }
        this.nodes = new ArrayList<>(byNode.values());
    }

    Communicator comm() {
        return comm;
    }

    ScheduledCollectives collectives() {
        return collectives;
    }

    int nodes() {
        return nodes.size();
    }

    /** Up to {@code count} ranks: the first of each node, then the second of each, and so on. */
    int[] aggregators(int count) {
        List<Integer> chosen = new ArrayList<>();
        for (int place = 0; chosen.size() < Math.min(count, comm.size()); place++) {
            for (List<Integer> ranks : nodes) {
                if (place < ranks.size()) {
                    chosen.add(ranks.get(place));
                }
            }
        }
        return chosen.stream().limit(count).sorted().mapToInt(rank -> rank).toArray();
    }

    /** Work of one rank that may fail. */
    interface Attempt {
        void run();
    }

    /** A number that must be the same on all ranks. */
    record Same(String name, long value) {}

    /**
     * Makes an attempt on this rank, or none if it is null, and then learns whether it went well on all.
     *
     * @throws CommException its own error on a rank that failed, elsewhere one of the same class that says which did
     */
    void agree(String what, Attempt attempt) {
        agree(what, attempt, List::of);
    }

    /**
     * The same, and then whether all ranks have the same numbers.
     *
     * @param same asked after the attempt; as many on all ranks
     * @throws CommException also {@code NOT_SAME} on all ranks
     */
    void agree(String what, Attempt attempt, Supplier<List<Same>> same) {
        CommException own = null;
        try {
            if (attempt != null) {
                attempt.run();
            }
        } catch (CommException e) {
            own = e;
        }
        List<Same> numbers = own == null ? same.get() : List.of();
        // The largest error, and of each number the largest and the complement of the smallest.
        long[] largest = new long[1 + 2 * MOST_NUMBERS];
        Arrays.fill(largest, Long.MIN_VALUE);
        largest[0] = own == null ? 0 : (long) own.errorClass() << Integer.SIZE | comm.rank();
        for (int i = 0; i < numbers.size(); i++) {
            largest[1 + 2 * i] = numbers.get(i).value;
            largest[2 + 2 * i] = ~numbers.get(i).value;
        }
        collectives.allreduce(null, 0, largest, 0, largest.length, LONG, PredefinedOp.MAX);
        raise(what, own, largest[0]);
        for (int i = 0; i < numbers.size(); i++) {
            long low = ~largest[2 + 2 * i];
            long high = largest[1 + 2 * i];
            if (low != high) {
                throw new CommException(ErrorClass.NOT_SAME, numbers.get(i).name + " is " + numbers.get(i).value
                        + " here, from " + low + " to " + high
                        + " on the ranks of the file's group; it must be the same on all");
            }
        }
    }

    /** @param worst the largest of the ranks' error classes, each with its rank in the lower half; 0 for none */
    void raise(String what, CommException own, long worst) {
        if (own != null) {
            throw own;
        }
        if (worst != 0) {
            throw new CommException((int) (worst >> Integer.SIZE),
                    what + " failed on rank " + (int) worst + " of the file's group, whose error says why");
        }
    }

    /**
     * Starts to replace {@code number} by the largest of all ranks'.
     *
     * @param tag a collective's tag, the same on all ranks
     */
    CollectiveRequest startMaximum(long[] number, int tag) {
        Schedule schedule = new Schedule(comm, tag);
        CollectiveCall call = new CollectiveCall(CollectiveKind.ALLREDUCE, comm.size()).op(PredefinedOp.MAX)
                .receive(number, 0, 1, LONG).operand(null, 0).bytes(LONG.size());
        AlgorithmTable.ofPointToPoint().select(call).build(call, schedule);
        return new ScheduleRun(schedule).start(comm.progress());
    }

    /** Gives every rank the others' numbers: {@code own[rank]} is this rank's. */
    void gatherLongs(long[] own) {
        collectives.allgather(null, 0, 0, LONG, own, 0, 1, LONG);
    }

    /** Rank 0's value. */
    long ofFirst(long value) {
        long[] one = {value};
        collectives.bcast(one, 0, 1, LONG, 0);
        return one[0];
    }

    /** Rank 0's text. */
    String ofFirst(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[(int) ofFirst(bytes.length)];
        if (comm.rank() == 0) {
            System.arraycopy(bytes, 0, all, 0, all.length);
        }
        if (all.length > 0) {
            collectives.bcast(all, 0, all.length, BYTE, 0);
        }
        return new String(all, StandardCharsets.UTF_8);
    }

    /** Whether {@code flag} holds on any rank. */
    boolean any(boolean flag) {
        long[] one = {flag ? 1 : 0};
        collectives.allreduce(null, 0, one, 0, 1, LONG, PredefinedOp.MAX);
        return one[0] != 0;
    }
}
