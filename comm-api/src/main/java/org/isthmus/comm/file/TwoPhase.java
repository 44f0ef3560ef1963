package org.isthmus.comm.file;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.isthmus.comm.coll.TemporaryBuffers;
import org.isthmus.comm.datatype.BlockSequence;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.pt2pt.PointToPoint.Mode;
import org.isthmus.comm.pt2pt.TransferRequest;

/**
 * Collective access through aggregators (del Rosario, Bordawekar and Choudhary, "Improved parallel I/O via a two-phase
 * run-time access strategy", 1993): in each round every rank exchanges its data in the aggregators' windows by
 * messages, and each aggregator reads or writes its window by few large calls.
 *
 * <p>States of a round. Read: READING (by aggregators) → EXCHANGING. Write: EXCHANGING → WRITING. Then the next
 * round or the end. After an error of the file the exchanges go on, so that nobody waits for this rank.
 *
 * <p>Advanced by one thread at a time; reads and writes of the file may run on others.
 */
final class TwoPhase {
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    private static final TypeMap LONG = TypeMap.of(Primitive.LONG);
    /** Windows with gaps whose runs are shorter than this are read, changed and written back. */
    private static final long LEAST_RUN = 4096;

    private enum State { VIEWS, READING, EXCHANGING, WRITING }

    private final Communicator comm;
    private final int[] aggregators;
    private final CollectivePlan plan;
    private final Storage storage;
    private final Message message;
    private final long position;
    private final boolean write;
    private final boolean lockWrites;
    private final Executor executor;
    private final int tag;
    private final int rank;
    /** This rank's number among the aggregators, -1 if it is none. */
    private final int aggregator;
    private final List<TransferRequest> transfers = new ArrayList<>();
    private final List<Runnable> afterTransfers = new ArrayList<>();
    private final List<MemorySegment> spares = new ArrayList<>();
    private final MemorySegment window;
    private State state = State.VIEWS;
    private int round;
    private long firstMissing = Long.MAX_VALUE;
    private long readable;
    private CommException error;
    private volatile boolean storageIdle = true;
    private CommException storageError;

    TwoPhase(Communicator comm, int[] aggregators, CollectivePlan plan, Storage storage, Message message, long position,
            boolean write, boolean lockWrites, Executor executor, int tag) {
        this.comm = comm.collective();
        this.aggregators = aggregators;
        this.plan = plan;
        this.storage = storage;
        this.message = message;
        this.position = position;
        this.write = write;
        this.lockWrites = lockWrites;
        this.executor = executor;
        this.tag = tag;
        this.rank = comm.rank();
        this.aggregator = Math.max(-1, Arrays.binarySearch(aggregators, rank));
        this.window = isAggregator() ? spare(plan.windowSize()) : null;
        exchangeViews();
    }

    private boolean isAggregator() {
        return aggregator >= 0;
    }

    /** The first error of this rank, null if there is none; valid after the end. */
    CommException error() {
        return error;
    }

    /** Bytes read or written for this rank; valid after the end. */
    long bytes() {
        return Math.min(message.length(), firstMissing - position);
    }

    /** Goes on as far as it can without waiting; whether it has come to the end. */
    boolean advance() {
        while (storageIdle && takeTransfers()) {
            if (storageError != null) {
                fail(storageError);
                storageError = null;
            }
            switch (state) {
                case VIEWS -> startRound();
                case READING -> {
                    state = State.EXCHANGING;
                    receiveShares();
                    deliver();
                }
                case EXCHANGING -> {
                    if (write && isAggregator()) {
                        state = State.WRITING;
                        onStorage(this::writeWindow);
                    } else if (endRound()) {
                        return true;
                    }
                }
                case WRITING -> {
                    if (endRound()) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private void fail(CommException e) {
        if (error == null) {
            error = e;
        }
    }

    private boolean endRound() {
        if (++round < plan.rounds()) {
            startRound();
            return false;
        }
        spares.forEach(TemporaryBuffers.ofProcess()::give);
        spares.clear();
        return true;
    }

    private void startRound() {
        if (write) {
            state = State.EXCHANGING;
            sendShares();
            collectShares();
        } else {
            state = State.READING;
            if (isAggregator()) {
                onStorage(this::readWindow);
            }
        }
    }

    /** Aggregators learn the views that are too long to travel with the plan. */
    private void exchangeViews() {
        for (int a = 0; a < aggregators.length; a++) {
            if (plan.missingView(rank, a) > 0 && aggregators[a] != rank) {
                long[] numbers = plan.view(rank).encode();
                transfers.add(comm.pointToPoint().isend(comm, Mode.STANDARD, numbers, 0, numbers.length, LONG,
                        aggregators[a], tag));
            }
        }
        for (int peer = 0; isAggregator() && peer < comm.size(); peer++) {
            int missing = plan.missingView(peer, aggregator);
            if (missing > 0 && peer != rank) {
                long[] numbers = new long[missing];
                int from = peer;
                transfers.add(comm.pointToPoint().irecv(comm, numbers, 0, missing, LONG, peer, tag));
                afterTransfers.add(() -> plan.setView(from, BlockSequence.decode(numbers)));
            }
        }
    }

    /** Whether no transfer is under way; takes what they brought. */
    private boolean takeTransfers() {
        for (TransferRequest transfer : transfers) {
            if (!transfer.isDone()) {
                return false;
            }
        }
        for (TransferRequest transfer : transfers) {
            if (transfer.errorClass != ErrorClass.SUCCESS) {
                fail(new CommException(transfer.errorClass, transfer.errorMessage));
            }
        }
        List<TransferRequest> over = List.copyOf(transfers);
        List<Runnable> work = List.copyOf(afterTransfers);
        transfers.clear();
        afterTransfers.clear();
        work.forEach(Runnable::run);
        over.forEach(comm.pointToPoint()::release);
        return true;
    }

    private void onStorage(Runnable work) {
        storageIdle = false;
        executor.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                storageError = FileErrors.of(e);
            } finally {
                storageIdle = true;
                comm.progress().wake();
            }
        });
    }

    private MemorySegment spare(long bytes) {
        MemorySegment block = TemporaryBuffers.ofProcess().take(Math.max(1, bytes));
        spares.add(block);
        return block;
    }

    private void giveBack(MemorySegment block) {
        spares.remove(block);
        TemporaryBuffers.ofProcess().give(block);
    }

    // Write: data goes from all ranks into the aggregators' windows.

    private void sendShares() {
        for (int a = 0; a < aggregators.length; a++) {
            CollectivePlan.Share share = plan.share(rank, a, round);
            if (share.length() == 0 || aggregators[a] == rank) {
                continue;
            }
            if (message.isSegment()) {
                transfers.add(comm.pointToPoint().isend(comm, Mode.STANDARD, message.base(),
                        message.offset(share.position() - position), (int) share.length(), BYTE, aggregators[a], tag));
            } else {
                MemorySegment packed = spare(share.length());
                message.pack(share.position() - position, packed, 0, share.length());
                transfers.add(comm.pointToPoint().isend(comm, Mode.STANDARD, packed, 0, (int) share.length(), BYTE,
                        aggregators[a], tag));
                afterTransfers.add(() -> giveBack(packed));
            }
        }
    }

    private void collectShares() {
        for (int peer = 0; isAggregator() && peer < comm.size(); peer++) {
            CollectivePlan.Share share = plan.view(peer) == null ? null : plan.share(peer, aggregator, round);
            if (share == null || share.length() == 0) {
                continue;
            }
            BlockSequence blocks = plan.view(peer);
            long start = plan.windowStart(aggregator, round);
            if (peer == rank) {
                MemorySegment packed = message.isSegment() ? null : spare(share.length());
                Windows.fill(window, start, blocks, share.position(), share.length(), message,
                        share.position() - position, packed);
                if (packed != null) {
                    giveBack(packed);
                }
            } else if (isWhole(blocks, share)) {
                transfers.add(comm.pointToPoint().irecv(comm, window, wholeOffset(blocks, share, start),
                        wholeCount(blocks, share), blocks.element(), peer, tag));
            } else {
                MemorySegment packed = spare(share.length());
                transfers.add(
                        comm.pointToPoint().irecv(comm, packed, 0, (int) share.length(), BYTE, peer, tag));
                afterTransfers.add(() -> {
                    Windows.fill(window, start, blocks, share.position(), share.length(), packed, 0);
                    giveBack(packed);
                });
            }
        }
    }

    /** Whether a share is a number of whole elements, so that a message can have the view's own type. */
    private static boolean isWhole(BlockSequence blocks, CollectivePlan.Share share) {
        long size = blocks.element().size();
        return share.position() % size == 0 && share.length() % size == 0;
    }

    private static long wholeOffset(BlockSequence blocks, CollectivePlan.Share share, long start) {
        return blocks.elementOffset(share.position() / blocks.element().size()) - start;
    }

    private static int wholeCount(BlockSequence blocks, CollectivePlan.Share share) {
        return (int) (share.length() / blocks.element().size());
    }

    private void writeWindow() {
        if (error != null) {
            return;
        }
        long start = plan.windowStart(aggregator, round);
        long end = plan.windowEnd(aggregator, round);
        Coverage coverage = new Coverage(start, end - start, Math.max(1, plan.grain(aggregator, round)));
        for (int peer = 0; peer < comm.size(); peer++) {
            CollectivePlan.Share share = plan.view(peer) == null ? null : plan.share(peer, aggregator, round);
            if (share != null && share.length() > 0) {
                coverage.add(plan.view(peer), share.position(), share.length());
            }
        }
        long[] seen = {0, 0, Long.MAX_VALUE, 0};
        coverage.runs((from, to) -> {
            seen[0]++;
            seen[1] += to - from;
            seen[2] = Math.min(seen[2], from);
            seen[3] = to;
        });
        if (seen[0] == 0) {
            return;
        }
        if (seen[0] > 1 && seen[1] / seen[0] < LEAST_RUN && storage.isReadable()) {
            storage.locked(start + seen[2], start + seen[3], false, () -> change(coverage, start, seen[2], seen[3]));
        } else if (lockWrites) {
            storage.locked(start + seen[2], start + seen[3], false, () -> writeRuns(coverage, start));
        } else {
            writeRuns(coverage, start);
        }
    }

    private void writeRuns(Coverage coverage, long start) {
        coverage.runs((from, to) -> storage.write(window, from, to - from, start + from));
    }

    /** Puts the covered parts of the window into what the file has there. */
    private void change(Coverage coverage, long start, long from, long to) {
        MemorySegment old = TemporaryBuffers.ofProcess().take(to);
        try {
            long got = storage.read(old, from, to - from, start + from);
            old.asSlice(from + got, to - from - got).fill((byte) 0);
            coverage.runs((a, b) -> MemorySegment.copy(window, a, old, a, b - a));
            storage.write(old, from, to - from, start + from);
        } finally {
            TemporaryBuffers.ofProcess().give(old);
        }
    }

    // Read: data goes from the aggregators' windows to all ranks.

    private void receiveShares() {
        for (int a = 0; a < aggregators.length; a++) {
            CollectivePlan.Share share = plan.share(rank, a, round);
            if (share.length() == 0 || aggregators[a] == rank) {
                continue;
            }
            boolean straight = message.isSegment();
            MemorySegment packed = straight ? null : spare(share.length());
            TransferRequest receive = comm.pointToPoint().irecv(comm, straight ? message.base() : packed,
                    straight ? message.offset(share.position() - position) : 0, (int) share.length(), BYTE,
                    aggregators[a], tag);
            transfers.add(receive);
            afterTransfers.add(() -> {
                if (!straight) {
                    message.unpack(packed, 0, share.position() - position, receive.bytes);
                    giveBack(packed);
                }
                noteRead(share, receive.bytes);
            });
        }
    }

    private void noteRead(CollectivePlan.Share share, long got) {
        if (got < share.length()) {
            firstMissing = Math.min(firstMissing, share.position() + got);
        }
    }

    private void readWindow() {
        long start = plan.windowStart(aggregator, round);
        long first = Long.MAX_VALUE;
        long last = 0;
        for (int peer = 0; peer < comm.size(); peer++) {
            CollectivePlan.Share share = plan.view(peer) == null ? null : plan.share(peer, aggregator, round);
            if (share != null && share.length() > 0) {
                first = Math.min(first, plan.view(peer).offsetOf(share.position()));
                last = Math.max(last, plan.view(peer).endOf(share.position(), share.length()));
            }
        }
        readable = 0;
        if (first < last) {
            readable = first + storage.read(window, first - start, last - first, first);
        }
    }

    /** Sends what was read. */
    private void deliver() {
        for (int peer = 0; isAggregator() && peer < comm.size(); peer++) {
            CollectivePlan.Share wanted = plan.view(peer) == null ? null : plan.share(peer, aggregator, round);
            if (wanted == null || wanted.length() == 0) {
                continue;
            }
            BlockSequence blocks = plan.view(peer);
            long start = plan.windowStart(aggregator, round);
            long there = error != null ? 0
                    : Math.clamp(blocks.positionBelow(readable) - wanted.position(), 0, wanted.length());
            CollectivePlan.Share share = new CollectivePlan.Share(wanted.position(), there);
            if (peer == rank) {
                MemorySegment packed = message.isSegment() ? null : spare(share.length());
                Windows.drain(window, start, blocks, share.position(), there, message, share.position() - position,
                        packed);
                if (packed != null) {
                    giveBack(packed);
                }
                noteRead(wanted, there);
            } else if (isWhole(blocks, share)) {
                transfers.add(comm.pointToPoint().isend(comm, Mode.STANDARD, window, wholeOffset(blocks, share, start),
                        wholeCount(blocks, share), blocks.element(), peer, tag));
            } else {
                MemorySegment packed = spare(there);
                Windows.drain(window, start, blocks, share.position(), there, packed, 0);
                transfers.add(comm.pointToPoint().isend(comm, Mode.STANDARD, packed, 0, (int) there, BYTE, peer, tag));
                afterTransfers.add(() -> giveBack(packed));
            }
        }
    }
}
