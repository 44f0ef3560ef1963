package org.isthmus.comm.rma;

import java.util.ArrayList;
import java.util.List;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.pt2pt.PointToPoint;
import org.isthmus.comm.pt2pt.TransferRequest;

/**
 * The messages without data that start, complete, post and wait of a window consist of (MPI 3.1, section 11.5.2): each
 * post is one to every origin of its group, each complete one to every target. Under the engine lock.
 */
final class GroupNotices {
    private static final int POST_TAG = 1;
    private static final int COMPLETE_TAG = 2;
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    private static final byte[] NOTHING = new byte[0];

    private final Communicator comm;
    private final List<TransferRequest> awaitedCompletes = new ArrayList<>();
    private int[] targets = {};

    GroupNotices(Communicator comm) {
        this.comm = comm;
    }

    /** Waits for the posts of {@code targets}, to whom {@link #complete} goes. */
    void start(int[] targets) {
        List<TransferRequest> posts = new ArrayList<>();
        for (int target : targets) {
            posts.add(expect(target, POST_TAG));
        }
        posts.forEach(this::finish);
        this.targets = targets;
    }

    void complete() {
        for (int target : targets) {
            send(target, COMPLETE_TAG);
        }
    }

    void post(int[] origins) {
        for (int origin : origins) {
            awaitedCompletes.add(expect(origin, COMPLETE_TAG));
        }
        for (int origin : origins) {
            send(origin, POST_TAG);
        }
    }

    /** Waits for the completes of all to whom the last post went. */
    void awaitCompletes() {
        awaitedCompletes.forEach(this::finish);
        awaitedCompletes.clear();
    }

    /** Whether {@link #awaitCompletes} would not wait, after progress if need be. */
    boolean haveCompletesCome() {
        if (allCame()) {
            return true;
        }
        comm.progress().poll();
        return allCame();
    }

    private boolean allCame() {
        return awaitedCompletes.stream().allMatch(TransferRequest::isDone);
    }

    private TransferRequest expect(int from, int tag) {
        return comm.pointToPoint().irecv(comm, NOTHING, 0, 0, BYTE, from, tag);
    }

    private void send(int to, int tag) {
        comm.pointToPoint().send(comm, PointToPoint.Mode.STANDARD, NOTHING, 0, 0, BYTE, to, tag);
    }

    private void finish(TransferRequest notice) {
        if (!notice.isDone()) {
            comm.progress().await(notice);
        }
        comm.pointToPoint().release(notice);
    }
}
