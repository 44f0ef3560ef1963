package org.isthmus.tcpx;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.isthmus.node.wire.BadFrame;
import org.isthmus.node.wire.FrameDescriptor;
import org.isthmus.node.wire.FrameFlyweight;
import org.isthmus.node.wire.SessionKeys;
import org.isthmus.tcpx.zerocopy.ZeroCopySocket;

/**
 * One socket of a channel. Out go, each to its end before the next begins: acknowledgements, chunks, and, on the one
 * link that leads, the messages of the {@link SendStream}; chunks and messages take turns. In come headers through a
 * buffer, and the bytes of chunks straight into their place, or into a bounce buffer.
 *
 * <p>Nothing here throws: an error marks the link as {@link #broken}, and the channel replaces it.
 */
final class Link {
    /** Chunks that wait for this socket besides the one that is being written. */
    private static final int QUEUE = 2;
    private static final int IN_BYTES = 256 << 10;
    /** While chunks come, no more than this is read ahead of their places. */
    private static final int READ_AHEAD = 4 << 10;
    private static final int READS_PER_POLL = 8;
    private static final int HEAD_BYTES = FrameDescriptor.HEADER_BYTES + ChunkDescriptor.PREFIX_BYTES;

    final int slot;
    private final SocketChannel socket;
    private final ReadableByteChannel source;
    private final GatheringByteChannel sink;
    /** Null if bytes travel as they are. */
    private final SealedChannel sealed;
    private final TcpxChannel channel;
    private final SelectionKey key;
    private final FrameFlyweight header = new FrameFlyweight();
    private final FrameFlyweight outHeader = new FrameFlyweight();
    private ZeroCopySocket zeroCopy;

    private final ByteBuffer in = ByteBuffer.allocateDirect(IN_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final MemorySegment inMemory = MemorySegment.ofBuffer(in.duplicate());
    private int parsed;
    private int filled;
    private boolean chunksCome;
    private long inChunk = -1;
    private int inLength;
    private int inDone;
    private BouncePool.Bounce bounce;
    private boolean waitsForBounce;
    /** Whether the last read took all that the socket had. */
    private boolean drained;

    private final ByteBuffer acknowledgement = buffer(FrameDescriptor.HEADER_BYTES);
    private final ByteBuffer chunkHead = buffer(HEAD_BYTES);
    private final ByteBuffer[] gather = {chunkHead, null};
    private final long[] queue = new long[QUEUE];
    private int queued;
    private boolean writingChunk;
    private TcpxRegion outRegion;
    private long outOffset;
    private int outLength;
    private int outDone;
    private boolean messageCut;
    private long barrier;
    private boolean blocked;
    private boolean acknowledges;
    private long lastRead;
    private long lastWrite;
    private String broken;

    /** @param keys null: bytes travel as they are */
    Link(TcpxChannel channel, int slot, SocketChannel socket, SessionKeys keys, SelectionKey key, long now) {
        this.channel = channel;
        this.slot = slot;
        this.socket = socket;
        this.sealed = keys == null ? null : new SealedChannel(socket, keys);
        this.source = sealed == null ? socket : sealed;
        this.sink = sealed == null ? socket : sealed;
        this.key = key;
        this.lastRead = now;
        this.lastWrite = now;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    }

    /** From now on, large chunks go out without a copy, as long as the kernel can. */
    void sendWithoutCopies() {
        try {
            zeroCopy = ZeroCopySocket.of(socket);
        } catch (IOException e) {
            System.getLogger(Link.class.getName()).log(System.Logger.Level.DEBUG, "this socket sends by copies", e);
        }
    }

    TcpxChannel channel() {
        return channel;
    }

    /** Why this link is of no use any more; null if it is. */
    String broken() {
        return broken;
    }

    void breakWith(String cause) {
        if (broken == null) {
            broken = cause;
        }
    }

    /** This link carries the stream from now on, whose unacknowledged messages begin anew. */
    void lead() {
        channel.stream().rewind();
        messageCut = false;
        barrier = channel.stream().tail();
    }

    /** The next time that it can, the link says what has arrived. */
    void acknowledge() {
        acknowledges = true;
    }

    boolean hasRoom() {
        return broken == null && queued < QUEUE;
    }

    /** Bytes that wait here, about. */
    long load(int chunkBytes) {
        return (long) queued * chunkBytes + (writingChunk ? outLength - outDone : 0);
    }

    void enqueue(long chunk) {
        queue[queued++] = chunk;
    }

    boolean isBlocked() {
        return blocked;
    }

    boolean isIdle() {
        return !blocked && !writingChunk && queued == 0 && !acknowledgement.hasRemaining();
    }

    /** Asks for life signs, and sends one, as time goes by. */
    void tick(long now, long silenceNanos) {
        if (now - lastRead > silenceNanos) {
            breakWith("nothing came for " + silenceNanos / 1_000_000 + " ms");
        } else if (now - lastWrite > silenceNanos / 4) {
            acknowledge();
        }
    }

    /** The owner was away: the silence was its own. */
    void forgiveSilence(long now) {
        lastRead = now;
    }

    void close() {
        key.cancel();
        if (bounce != null) {
            channel.bounces().release(bounce);
            bounce = null;
        }
        try {
            if (zeroCopy != null && (broken != null || channel.failure() != null || channel.sends().isUnderWay())) {
                // what the kernel has not sent yet lies in memory that is about to change: it must not be sent
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
            socket.close();
        } catch (IOException e) {
            breakWith(e.getMessage());
        }
    }

    // ---------------------------------------------------------------- out

    /** Writes as much as the socket takes. */
    void flush(long now) {
        if (broken != null) {
            return;
        }
        try {
            boolean more = true;
            while (more) {
                more = step(now);
            }
        } catch (IOException e) {
            breakWith("write failed: " + e.getMessage());
        }
    }

    void onWritable(long now) {
        setBlocked(false);
        flush(now);
    }

    private boolean step(long now) throws IOException {
        SendStream stream = channel.stream();
        boolean leads = channel.isLead(this);
        if (sealed != null && !sealed.flush()) {
            return goesOn(false, now);
        }
        if (acknowledgement.hasRemaining()) {
            sink.write(acknowledgement);
            return goesOn(!acknowledgement.hasRemaining(), now);
        } else if (writingChunk) {
            writingChunk = !writeChunk();
            barrier = stream.tail();
            return goesOn(!writingChunk, now);
        } else if (leads && (messageCut || stream.hasUnsentBefore(barrier))) {
            messageCut = !stream.write(sink, barrier);
            return goesOn(!messageCut, now);
        } else if (acknowledges) {
            acknowledges = false;
            outHeader.wrap(acknowledgement.clear(), 0).fill(FrameDescriptor.TYPE_ACKNOWLEDGE, 0, 0);
            channel.seal(outHeader);
            return true;
        } else if (queued > 0) {
            beginChunk(queue[0]);
            System.arraycopy(queue, 1, queue, 0, --queued);
            return true;
        } else if (leads && stream.hasUnsent()) {
            barrier = stream.tail();
            return true;
        }
        return false;
    }

    private boolean goesOn(boolean wroteAll, long now) {
        lastWrite = now;
        if (!wroteAll) {
            setBlocked(true);
        }
        return wroteAll;
    }

    private void beginChunk(long chunk) {
        SendRequests sends = channel.sends();
        if (!sends.isCurrent(chunk)) {
            return;
        }
        outLength = sends.length(chunk);
        outRegion = sends.region(chunk);
        outOffset = sends.regionOffset(chunk);
        outDone = 0;
        outHeader.wrap(chunkHead.clear(), 0)
                .fill(FrameDescriptor.TYPE_CHUNK, ChunkDescriptor.PREFIX_BYTES + outLength, chunk);
        channel.seal(outHeader);
        chunkHead.putLong(FrameDescriptor.HEADER_BYTES + ChunkDescriptor.OFFSET_OFFSET, sends.offset(chunk));
        chunkHead.putLong(FrameDescriptor.HEADER_BYTES + ChunkDescriptor.TOTAL_OFFSET, sends.total(chunk));
        writingChunk = true;
        channel.counters().increment(TcpxCounters.Counter.CHUNKS_SENT);
    }

    private boolean writeChunk() throws IOException {
        if (zeroCopy != null && outLength - outDone >= ZeroCopySocket.SMALLEST && zeroCopy.isOn()) {
            zeroCopy.poll();
            if (chunkHead.hasRemaining()) {
                zeroCopy.sendHead(chunkHead);
            }
            long sent = chunkHead.hasRemaining() ? 0
                    : zeroCopy.send(outRegion.memory().address() + outOffset + outDone, outLength - outDone);
            if (sent >= 0) {
                outDone += (int) sent;
                channel.counters().add(TcpxCounters.Counter.BYTES_NOT_COPIED, sent);
                return outDone == outLength;
            }
        }
        ByteBuffer body = outRegion.view(outOffset + outDone, outLength - outDone);
        int before = body.remaining();
        if (chunkHead.hasRemaining()) {
            gather[1] = body;
            sink.write(gather);
        } else {
            sink.write(body);
        }
        outDone += before - body.remaining();
        return outDone == outLength;
    }

    private void setBlocked(boolean newBlocked) {
        if (blocked != newBlocked) {
            blocked = newBlocked;
            if (key.isValid()) {
                key.interestOps(newBlocked ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            }
        }
    }

    // ---------------------------------------------------------------- in

    /** Takes what has come; how much was done. */
    int onReadable(long now) {
        if (broken != null) {
            return 0;
        }
        int done = 0;
        try {
            if (zeroCopy != null) {
                zeroCopy.poll();
            }
            drained = false;
            for (int i = 0; i < READS_PER_POLL && !waitsForBounce && !drained; i++) {
                int count = inChunk >= 0 && parsed == filled ? readBody() : readHeaders();
                if (count < 0) {
                    throw new EOFException("closed by the peer");
                } else if (count == 0) {
                    break;
                }
                lastRead = now;
                done++;
            }
        } catch (BadFrameException e) {
            channel.onBadFrame(e);
            breakWith(e.getMessage());
        } catch (IOException e) {
            breakWith("read failed: " + e.getMessage());
        }
        return done;
    }

    /** Whether bytes have come that no event of the socket tells of. */
    boolean hasBuffered() {
        return sealed != null && broken == null && !waitsForBounce && sealed.hasBuffered();
    }

    /** Whether something that this link has taken is not out. */
    boolean hasUnsent() {
        return sealed != null && broken == null && sealed.hasUnsent();
    }

    /** Goes on if it had to wait for a bounce buffer, or has bytes left. */
    int resume(long now) {
        if (!waitsForBounce || broken != null) {
            return hasBuffered() ? onReadable(now) : 0;
        }
        waitsForBounce = false;
        try {
            parse();
        } catch (BadFrameException e) {
            channel.onBadFrame(e);
            breakWith(e.getMessage());
        }
        return waitsForBounce ? 0 : 1 + onReadable(now);
    }

    private int readHeaders() throws IOException {
        if (parsed > 0) {
            in.limit(filled).position(parsed);
            in.compact();
            filled -= parsed;
            parsed = 0;
        }
        int limit = chunksCome && filled < READ_AHEAD ? READ_AHEAD : IN_BYTES;
        int count = source.read(in.limit(limit).position(filled));
        drained = source == socket && in.hasRemaining();
        in.clear();
        if (count > 0) {
            filled += count;
            parse();
        }
        return count;
    }

    private int readBody() throws IOException {
        int left = inLength - inDone;
        ByteBuffer to;
        if (bounce != null) {
            to = bounce.bytes.limit(inLength).position(inDone);
        } else if (channel.receives().isWanted(inChunk)) {
            to = channel.receives().region(inChunk).view(channel.receives().regionOffset(inChunk) + inDone, left);
        } else {
            ByteBuffer discard = channel.discard();
            to = discard.clear().limit(Math.min(left, discard.capacity()));
        }
        int count = source.read(to);
        drained = source == socket && to.hasRemaining();
        if (count > 0) {
            inDone += count;
            endChunkIfWhole();
        }
        return count;
    }

    private void parse() throws BadFrameException {
        while (filled - parsed >= FrameDescriptor.HEADER_BYTES && !waitsForBounce) {
            if (inChunk >= 0) {
                takeBodyFromBuffer();
                continue;
            }
            header.wrap(in, parsed);
            BadFrame wrong = header.check(channel.maxBody(), channel.stream().last());
            if (wrong != null) {
                throw new BadFrameException(wrong, header.toString());
            }
            boolean chunk = header.type() == FrameDescriptor.TYPE_CHUNK;
            int needed = chunk ? HEAD_BYTES : FrameDescriptor.HEADER_BYTES + header.length();
            if (!chunk && header.length() > TcpxEndpoint.MAX_FRAME) {
                throw new BadFrameException(BadFrame.LENGTH, header.toString());
            } else if (filled - parsed < needed) {
                chunksCome = chunk;
                return;
            } else if (chunk) {
                beginBody();
            } else {
                chunksCome = false;
                channel.onMessage(header, in, inMemory, parsed + FrameDescriptor.HEADER_BYTES);
                parsed += needed;
            }
        }
        if (inChunk >= 0 && filled > parsed && !waitsForBounce) {
            takeBodyFromBuffer();
        }
    }

    private void beginBody() throws BadFrameException {
        int prefix = parsed + FrameDescriptor.HEADER_BYTES;
        int length = header.length() - ChunkDescriptor.PREFIX_BYTES;
        ReceiveRequests.Verdict verdict = channel.receives().check(header.sequence(),
                in.getLong(prefix + ChunkDescriptor.OFFSET_OFFSET),
                in.getLong(prefix + ChunkDescriptor.TOTAL_OFFSET), length);
        if (verdict == ReceiveRequests.Verdict.IMPOSSIBLE) {
            throw new BadFrameException(BadFrame.BODY, header.toString());
        }
        if (verdict == ReceiveRequests.Verdict.WANTED && channel.bounces() != null) {
            bounce = channel.bounces().acquire();
            if (bounce == null) {
                waitsForBounce = true;
                channel.counters().increment(TcpxCounters.Counter.BOUNCE_EXHAUSTED);
                return;
            }
        }
        channel.onAcknowledged(header);
        chunksCome = true;
        inChunk = header.sequence();
        inLength = length;
        inDone = 0;
        parsed += HEAD_BYTES;
    }

    private void takeBodyFromBuffer() {
        int count = Math.min(inLength - inDone, filled - parsed);
        if (bounce != null) {
            bounce.bytes.put(inDone, in, parsed, count);
        } else if (channel.receives().isWanted(inChunk)) {
            MemorySegment.copy(inMemory, parsed, channel.receives().region(inChunk).memory(),
                    channel.receives().regionOffset(inChunk) + inDone, count);
        }
        parsed += count;
        inDone += count;
        endChunkIfWhole();
    }

    private void endChunkIfWhole() {
        if (inDone < inLength) {
            return;
        }
        if (!channel.receives().isWanted(inChunk)) {
            channel.counters().increment(TcpxCounters.Counter.CHUNKS_DUPLICATE);
            if (bounce != null) {
                channel.bounces().release(bounce);
            }
        } else {
            channel.counters().increment(TcpxCounters.Counter.CHUNKS_RECEIVED);
            if (bounce != null) {
                channel.bounces().submit(bounce, inChunk, inLength);
            } else {
                channel.receives().take(inChunk);
                channel.receives().complete(inChunk, inLength);
            }
        }
        bounce = null;
        inChunk = -1;
    }
}
