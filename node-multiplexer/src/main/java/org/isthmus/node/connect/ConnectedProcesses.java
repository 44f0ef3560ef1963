package org.isthmus.node.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.isthmus.allocator.NodePool;
import org.isthmus.allocator.heap.RankHeap;
import org.isthmus.allocator.slab.Handle;
import org.isthmus.node.endpoint.FarLink;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.endpoint.RecordHandler;
import org.isthmus.node.shm.RecordDescriptor;

/**
 * The processes of other jobs that this one has met: each gets a number here, from the size of the job on, and a link.
 *
 * <p>Numbers mean something in this process only; elsewhere a process is named by its name ({@link #name}). A process
 * is held while a communicator has it in it ({@link #hold}, {@link #release}): losing a held one is a failure. One
 * member of each held group is watched by a connection; when any process of its job fails, it tells.
 *
 * <p>Threads: {@link #poll} and links are the engine thread's, the rest may be called by any. Costs nothing before
 * {@link #ownName} or {@link #openPort}.
 *
 * <p>The file is long because numbers, links, holds and connections change together, under this object's monitor.
 */
public final class ConnectedProcesses {
    private static final long TELL_MILLIS = 300;
    private static final int BURST = 32;

    /** Told, on a thread of this class's, that a held process has failed; at most once. */
    public interface FailureHandler {
        void onFailure(int exitCode, String description);
    }

    private final RankEndpoint endpoint;
    private final MemorySegment memory;
    private final String job;
    private final int rank;
    private final int jobSize;
    private final FailureHandler failureHandler;
    private final Runnable onFirstUse;
    private final InboundQueue inbound = new InboundQueue();
    private final Ports ports = new Ports(this::wake);
    private final Sockets sockets = new Sockets();
    /** Guarded by this object, as are all that follow. */
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<StreamLink> links = new ArrayList<>();
    private final Map<Integer, Integer> holds = new HashMap<>();
    private final Map<Integer, SocketChannel> incoming = new LinkedHashMap<>();
    private final Map<Integer, CompletableFuture<Void>> reading = new HashMap<>();
    private ConnectionListener listener;
    private boolean over;

    private RecordHandler handler;
    private IntConsumer onGone;
    private long inboundScratch;
    private long outboundScratch;

    /**
     * @param job hexadecimal text, equal on all ranks of the job and of no other job
     * @param rank this rank in the job
     * @param jobSize ranks of the job
     * @param onFirstUse told, in the first call of {@link #ownName} or {@link #openPort}, that {@link #poll} has a use
     */
    public ConnectedProcesses(RankEndpoint endpoint, String job, int rank, int jobSize, FailureHandler failureHandler,
            Runnable onFirstUse) {
        this.endpoint = endpoint;
        this.memory = endpoint.memory();
        this.job = job;
        this.rank = rank;
        this.jobSize = jobSize;
        this.failureHandler = failureHandler;
        this.onFirstUse = onFirstUse;
    }

    /**
     * Sets who takes arriving records; before the first poll.
     *
     * @param onGone told the number of a process that has called {@code MPI.Finalize}, after all records of it
     */
    public void setHandler(RecordHandler handler, IntConsumer onGone) {
        this.handler = handler;
        this.onGone = onGone;
    }

    /** Whether {@code number} is a process of another job. */
    public boolean isForeign(int number) {
        return number >= jobSize;
    }

    /** Whether one of {@code numbers} is a process of another job. */
    public boolean isAnyForeign(int[] numbers) {
        return Arrays.stream(numbers).anyMatch(this::isForeign);
    }

    /**
     * This process's name: text of one line, by which others reach it. Not to be shown: it holds a secret.
     *
     * @throws UncheckedIOException if no connections can be taken
     */
    public String ownName() {
        return listener().card().text();
    }

    /** The name of a process of another job. */
    public synchronized String name(int number) {
        return links.get(number - jobSize).card().text();
    }

    /** What tells the process with that name from all others; orders processes equally everywhere. */
    public static String key(String name) {
        return ProcessCard.parse(name).key();
    }

    /** The number here of the process with that name, a new one if it was not known. */
    public int number(String name) {
        ProcessCard card = ProcessCard.parse(name);
        if (!card.job().equals(job)) {
            return foreignNumber(card);
        }
        if (card.rank() >= jobSize) {
            throw new IllegalArgumentException("a process says that it is rank " + card.rank() + " of this job of "
                    + jobSize);
        }
        return card.rank();
    }

    private synchronized int foreignNumber(ProcessCard card) {
        return numbers.computeIfAbsent(card.key(), key -> {
            if (outboundScratch == 0) {
                outboundScratch = endpoint.segment().pool().allocateExtent(NodePool.PAGE);
            }
            int number = jobSize + links.size();
            links.add(new StreamLink(endpoint, sockets, number, card, outboundScratch));
            return number;
        });
    }

    /** The way to the process with that number. */
    public FarLink link(int number) {
        return streamLink(number);
    }

    private synchronized StreamLink streamLink(int number) {
        return links.get(number - jobSize);
    }

    /** Takes arriving records; returns how many. */
    public int poll() {
        int taken = 0;
        for (InboundRecord record = inbound.peek(); record != null && taken < BURST; record = inbound.peek()) {
            if (!handOver(record)) {
                break;
            }
            inbound.remove();
            taken++;
        }
        return taken;
    }

    private boolean handOver(InboundRecord record) {
        if (record.isGone()) {
            onGone.accept(record.source());
            return true;
        }
        if (inboundScratch == 0) {
            inboundScratch = endpoint.segment().pool().allocateExtent(NodePool.PAGE);
        }
        MemorySegment.copy(record.payload(), 0, memory, ValueLayout.JAVA_BYTE, inboundScratch, record.payload().length);
        if (record.block() != null) {
            RankHeap heap = endpoint.heap();
            // What can be held here is bounded by the eager window of each pair.
            long block = heap.allocateBeyondBound(record.block().length);
            if (block == Handle.NONE) {
                return false;
            }
            MemorySegment.copy(record.block(), 0, memory, ValueLayout.JAVA_BYTE, heap.offset(block),
                    record.block().length);
            heap.handOver(block, endpoint.segment().messageHeap(endpoint.rank()));
            memory.set(ValueLayout.JAVA_LONG, inboundScratch, block);
        }
        handler.onRecord(record.source(), record.header(), inboundScratch);
        return true;
    }

    /**
     * Holds the processes of other jobs among {@code members}, and watches one of each job.
     *
     * @return done once those that are watched have answered
     */
    public CompletableFuture<Void> hold(int[] members) {
        List<CompletableFuture<Void>> watches = new ArrayList<>();
        Set<String> jobs = new HashSet<>();
        for (int member : members) {
            if (isForeign(member)) {
                StreamLink link = streamLink(member);
                synchronized (this) {
                    holds.merge(member, 1, Integer::sum);
                }
                if (jobs.add(link.card().job()) && !link.isGone()) {
                    watches.add(link.open().connected());
                }
            }
        }
        return CompletableFuture.allOf(watches.toArray(CompletableFuture[]::new));
    }

    /** Takes one {@link #hold} of the same members back; who is held no more is told goodbye. */
    public void release(int[] members) {
        for (int member : members) {
            if (isForeign(member) && isLastHold(member)) {
                streamLink(member).end(Frame.sign(Frame.GOODBYE));
            }
        }
    }

    private synchronized boolean isLastHold(int member) {
        return holds.merge(member, -1, (count, less) -> count + less == 0 ? null : count + less) == null;
    }

    /** Opens a port and returns its name. */
    public String openPort() {
        return new PortName(ports.open(), listener().card()).text();
    }

    /**
     * Closes a port of this process; who waits there learns it.
     *
     * @throws IllegalArgumentException if it is not open here
     */
    public void closePort(String name) {
        ports.close(ownPort(name));
    }

    /**
     * The next that waits at a port of this process; null if there is none.
     *
     * @throws IllegalArgumentException if the port is not open here
     */
    public Meeting nextMeeting(String port) {
        return ports.next(ownPort(port));
    }

    /** Whether somebody waits at an open port of this process. */
    public boolean isAwaited(String port) {
        return ports.isAwaited(ownPort(port));
    }

    private int ownPort(String name) {
        PortName port = PortName.parse(name);
        if (!port.owner().key().equals(job + ";" + rank) || !ports.isOpen(port.number())) {
            throw new IllegalArgumentException("port " + port.number() + " of " + port.owner()
                    + " is not open in this process; it must be one that its Intracomm.openPort returned and that was "
                    + "not closed");
        }
        return port.number();
    }

    /**
     * Goes to a port of another process. Blocks until that takes or refuses the connection.
     *
     * @throws IOException if nobody listens there, or the port is not open
     */
    public Meeting meet(String port) throws IOException {
        PortName name = PortName.parse(port);
        try {
            return new Meeting(listener().call(name.owner(), ConnectionListener.MEET, name.number()), false);
        } catch (IOException e) {
            throw new IOException("port " + name.number() + " of " + name.owner() + " cannot be reached: "
                    + reasons(e), e);
        }
    }

    private static String reasons(IOException failure) {
        String details = Stream.of(failure.getSuppressed()).map(Throwable::getMessage).distinct()
                .collect(Collectors.joining("; "));
        return details.isEmpty() ? failure.getMessage() : failure.getMessage() + " (" + details + ")";
    }

    /**
     * Checks the form of a port name.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static void checkPort(String name) {
        PortName.parse(name);
    }

    /** Wakes the engine thread. */
    public void wake() {
        VarHandle.fullFence();
        endpoint.waiter().alert(endpoint.rank());
    }

    /** Tells all connected processes that this job fails; returns when they are told, or cannot be. */
    public void tellFailure(int exitCode, String description) {
        List<CompletableFuture<Void>> told = endOutgoing(() -> Frame.failed(exitCode, description));
        told.addAll(answerIncoming(() -> Frame.failed(exitCode, description)));
        CompletableFuture<Void> all = CompletableFuture.allOf(told.toArray(CompletableFuture[]::new));
        all.completeOnTimeout(null, TELL_MILLIS, TimeUnit.MILLISECONDS).join();
    }

    /** This process leaves; what was sent before reaches its receivers. No failure is reported any more. */
    public void close() {
        inbound.close();
        ports.closeAll();
        // What goes back on the peers' sockets may overtake what was sent on ours, so that comes first.
        awaitAll(endOutgoing(() -> Frame.sign(Frame.LEFT)));
        awaitAll(answerIncoming(() -> Frame.sign(Frame.LEFT)));
        ConnectionListener open;
        synchronized (this) {
            open = listener;
        }
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void awaitAll(List<CompletableFuture<Void>> all) {
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    }

    /** Ends our sockets with a frame each; from now on nothing is a failure. */
    private List<CompletableFuture<Void>> endOutgoing(Supplier<ByteBuffer> last) {
        Collection<StreamLink> known;
        synchronized (this) {
            over = true;
            known = List.copyOf(links);
        }
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (StreamLink link : known) {
            OutgoingSocket socket = link.end(last.get());
            if (socket != null) {
                ends.add(CompletableFuture.allOf(socket.flushed(), socket.ended()));
            }
        }
        return ends;
    }

    /** Sends a last frame back on each socket of a peer. */
    private List<CompletableFuture<Void>> answerIncoming(Supplier<ByteBuffer> last) {
        Collection<SocketChannel> back;
        synchronized (this) {
            back = List.copyOf(incoming.values());
        }
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (SocketChannel channel : back) {
            CompletableFuture<Void> written = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> answer(channel, last.get(), written));
            ends.add(written);
        }
        return ends;
    }

    private static void answer(SocketChannel channel, ByteBuffer frame, CompletableFuture<Void> written) {
        try {
            Frame.write(channel, frame);
            channel.shutdownOutput();
        } catch (IOException e) {
            // the peer has ended it: nobody is left to be told
        } finally {
            written.complete(null);
        }
    }

    private synchronized ConnectionListener listener() {
        if (listener == null) {
            try {
                listener = new ConnectionListener(job, rank, ports::isOpen, sockets);
                onFirstUse.run();
            } catch (IOException e) {
                throw new UncheckedIOException("no connections from other jobs can be taken: " + e.getMessage(), e);
            }
        }
        return listener;
    }

    private void fail(int exitCode, String description) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        failureHandler.onFailure(exitCode, description);
    }

    private synchronized boolean isHeld(int number) {
        return holds.containsKey(number);
    }

    /** Whether another process of the same job is connected, or has left in an orderly way. */
    private synchronized boolean isHeardOf(StreamLink lost) {
        return links.stream().filter(link -> link.card().job().equals(lost.card().job()))
                .anyMatch(link -> link.isGone() || incoming.containsKey(link.number()));
    }

    /** What happens on the sockets' threads. */
    private final class Sockets implements ConnectionListener.Visitor, OutgoingSocket.Owner {
        private static final int UNKNOWN_EXIT_CODE = 1;

        @Override
        public void onMeeting(int port, SocketChannel channel) throws IOException {
            ports.arrive(port, channel);
        }

        @Override
        public void onRecords(SocketChannel channel) throws IOException {
            FrameReader reader = new FrameReader(channel);
            try (channel) {
                int source = foreignNumber(ProcessCard.parse(reader.card()));
                CompletableFuture<Void> done = new CompletableFuture<>();
                CompletableFuture<Void> before;
                synchronized (ConnectedProcesses.this) {
                    before = reading.put(source, done);
                    incoming.put(source, channel);
                }
                try {
                    if (before != null) {
                        before.join();
                    }
                    FrameReader.End end = reader.readAll(source, inbound, ConnectedProcesses.this::wake);
                    ended(streamLink(source), reader, end);
                } finally {
                    synchronized (ConnectedProcesses.this) {
                        incoming.remove(source, channel);
                    }
                    done.complete(null);
                }
            } catch (IllegalArgumentException e) {
                throw new IOException("a process does not say who it is: " + e.getMessage(), e);
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
        }

        @Override
        public SocketChannel dial(ProcessCard card) throws IOException {
            SocketChannel channel = listener().call(card, ConnectionListener.RECORDS, 0);
            Frame.write(channel, Frame.text(listener().card().text()));
            return channel;
        }

        @Override
        public void readBack(StreamLink link, OutgoingSocket socket, SocketChannel channel)
                throws InterruptedException {
            FrameReader reader = new FrameReader(channel);
            FrameReader.End end = reader.readAll(link.number(), inbound, () -> {});
            if (end != FrameReader.End.BROKEN || !socket.isEnding()) {
                ended(link, reader, end);
            }
        }

        private void ended(StreamLink link, FrameReader reader, FrameReader.End end) throws InterruptedException {
            switch (end) {
                case LEFT -> {
                    link.setGone();
                    inbound.put(InboundRecord.gone(link.number()));
                    wake();
                }
                case FAILED -> {
                    if (isHeld(link.number())) {
                        fail(reader.exitCode() == 0 ? UNKNOWN_EXIT_CODE : reader.exitCode(),
                                "the connected " + link.card() + " failed: "
                                        + reader.description().lines().limit(2).collect(Collectors.joining(", ")));
                    }
                }
                case BROKEN -> {
                    if (isHeld(link.number()) && !link.isGone()) {
                        fail(UNKNOWN_EXIT_CODE, "the connected " + link.card() + " is lost: " + reader.description());
                    }
                }
                case GOODBYE -> { }
                default -> throw new IllegalStateException("no such end: " + end);
            }
        }

        @Override
        public void onDialFailed(StreamLink link, boolean hasRecords, IOException reason) {
            if (isHeld(link.number()) && !link.isGone() && (hasRecords || !isHeardOf(link))) {
                fail(UNKNOWN_EXIT_CODE, "the connected " + link.card() + " cannot be reached: " + reasons(reason));
            }
        }

        @Override
        public void onRoom() {
            wake();
        }
    }
}
