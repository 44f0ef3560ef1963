package org.isthmus.rdma.backend;

import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.LinkedList;
import java.util.List;
import java.util.Queue;
import org.isthmus.rdma.extension.SendModifier;
import org.isthmus.rdma.extension.VerbsExtension;

/**
 * One queue pair. The owner's thread alone posts; what is posted is remembered in order, so that one signalled
 * completion tells of all before it. An error marks the link as broken, and the channel gets another one.
 *
 * <pre>
 *  CONNECTING --established--> GREETING --hello done--> RESUMING --peer's ARRIVED--> OPEN
 *  any --shut--> SHUT
 * </pre>
 */
final class Link {
    enum State { CONNECTING, GREETING, RESUMING, OPEN, SHUT }

    /** What a posted work request was. */
    enum Kind { CONTROL, MESSAGE, PIECE, LAST_PIECE, ONE_SIDED }

    private static final int SIGNAL_EVERY = 16;
    private static final int GREETING_MESSAGES = 2;

    /** A message that came before its link was adopted. */
    record Early(int buffer, int length) {}

    final RdmaCmId id;
    /** The node dialled; -1 if it dials, until the hello says. */
    final int peer;
    final long channelId;
    /** {@link System#nanoTime} when the connection came in, or was begun. */
    final long openedAt = System.nanoTime();
    final Queue<Early> early = new ArrayDeque<>();
    State state = State.CONNECTING;
    RdmaChannel channel;
    HelloChannel hello;
    long lastUse;
    long lingersSince;
    boolean lingers;

    private final VerbsExtension extension;
    private final RdmaCounters counters;
    private IbvQP qp;
    private int maxInline;
    private SendModifier one;
    private SVCPostSend postOne;
    private SendModifier two;
    private SVCPostSend postTwo;
    private Kind[] kinds;
    private long[] numbers;
    private long posted;
    private long completed;
    private long lastSignalled = -1;
    private int greetings;
    private String broken;

    Link(RdmaCmId id, int peer, long channelId, VerbsExtension extension, RdmaCounters counters) {
        this.id = id;
        this.peer = peer;
        this.channelId = channelId;
        this.extension = extension;
        this.counters = counters;
    }

    /** Called by the connection manager before anything can arrive. */
    void createQueuePair(Device device) throws IOException {
        IbvQPInitAttr attributes = new IbvQPInitAttr();
        qp = device.createQueuePair(id, attributes);
        maxInline = attributes.cap().getMax_inline_data();
        kinds = new Kind[device.sendSlots()];
        numbers = new long[device.sendSlots()];
        postOne = prepare(1);
        one = (SendModifier) postOne.getWrMod(0);
        postTwo = prepare(2);
        two = (SendModifier) postTwo.getWrMod(0);
    }

    private SVCPostSend prepare(int pieces) throws IOException {
        IbvSendWR request = new IbvSendWR();
        LinkedList<IbvSge> list = new LinkedList<>();
        for (int i = 0; i < pieces; i++) {
            list.add(new IbvSge());
        }
        request.setSg_list(list);
        request.setNum_sge(pieces);
        request.setOpcode(pieces == 1 ? IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM : IbvSendWR.IBV_WR_SEND);
        return qp.postSend(new LinkedList<>(List.of(request)), new LinkedList<>());
    }

    int queuePairNumber() {
        try {
            return qp.getQp_num();
        } catch (IOException e) {
            throw new IllegalStateException("a queue pair has a number", e);
        }
    }

    boolean hasQueuePair() {
        return qp != null;
    }

    /** Why this link is of no use any more; null if it is. */
    String broken() {
        return broken;
    }

    void breakWith(String cause) {
        if (broken == null) {
            broken = cause;
            if (hello != null) {
                hello.end();
            }
        }
    }

    /** Whether {@code more} further work requests can be posted. */
    boolean hasRoom(int more) {
        return broken == null && posted - completed + more <= kinds.length;
    }

    boolean isQuiet() {
        return posted == completed;
    }

    /** Whether a received message belongs to the hello; later ones wait for the adoption. */
    boolean takesGreeting() {
        return state.compareTo(State.GREETING) <= 0 && greetings++ < GREETING_MESSAGES;
    }

    /** Sends bytes that lie together. There must be room. */
    void send(Kind kind, long number, long address, int length, int key, boolean signalled) {
        one.getSgeMod(0).setAddr(address);
        one.getSgeMod(0).setLength(length);
        one.getSgeMod(0).setLkey(key);
        boolean inline = length <= maxInline;
        if (inline) {
            count(RdmaCounters.Counter.INLINE);
        }
        post(postOne, one, IbvSendWR.IBV_WR_SEND, kind, number, signalled, inline ? IbvSendWR.IBV_SEND_INLINE : 0);
    }

    /** Sends a header and a body that lies elsewhere. There must be room. */
    void send(long number, long headerAddress, int headerLength, int headerKey, long bodyAddress, int bodyLength,
            int bodyKey) {
        two.getSgeMod(0).setAddr(headerAddress);
        two.getSgeMod(0).setLength(headerLength);
        two.getSgeMod(0).setLkey(headerKey);
        two.getSgeMod(1).setAddr(bodyAddress);
        two.getSgeMod(1).setLength(bodyLength);
        two.getSgeMod(1).setLkey(bodyKey);
        post(postTwo, two, IbvSendWR.IBV_WR_SEND, Kind.MESSAGE, number, true, 0);
    }

    /** Writes to the peer's memory; the last piece of a transfer tells it so. There must be room. */
    void write(long number, boolean last, int immediate, long address, int length, int key, long remoteAddress,
            int remoteKey) {
        one.getSgeMod(0).setAddr(address);
        one.getSgeMod(0).setLength(length);
        one.getSgeMod(0).setLkey(key);
        one.getRdmaMod().setRemote_addr(remoteAddress);
        one.getRdmaMod().setRkey(remoteKey);
        one.setImmediate(immediate);
        post(postOne, one, last ? IbvSendWR.IBV_WR_RDMA_WRITE_WITH_IMM : IbvSendWR.IBV_WR_RDMA_WRITE,
                last ? Kind.LAST_PIECE : Kind.PIECE, number, true, 0);
    }

    /** Does something with the peer's memory. There must be room. */
    void oneSided(long number, int opcode, long address, int length, int key, long remoteAddress, int remoteKey,
            long compareAdd, long swap) {
        one.getSgeMod(0).setAddr(address);
        one.getSgeMod(0).setLength(length);
        one.getSgeMod(0).setLkey(key);
        if (opcode == IbvSendWR.IBV_WR_RDMA_WRITE || opcode == IbvSendWR.IBV_WR_RDMA_READ) {
            one.getRdmaMod().setRemote_addr(remoteAddress);
            one.getRdmaMod().setRkey(remoteKey);
        } else {
            one.setAtomic(remoteAddress, remoteKey, compareAdd, swap);
        }
        count(RdmaCounters.Counter.ONE_SIDED);
        post(postOne, one, opcode, Kind.ONE_SIDED, number, true, 0);
    }

    private void count(RdmaCounters.Counter counter) {
        (channel == null ? counters : channel.counters()).increment(counter);
    }

    private void post(SVCPostSend call, SendModifier request, int opcode, Kind kind, long number, boolean signalled,
            int flags) {
        boolean signal = signalled || posted - lastSignalled >= SIGNAL_EVERY;
        request.setOpcode(opcode);
        request.setWr_id(posted);
        request.setSend_flags(flags | (signal ? IbvSendWR.IBV_SEND_SIGNALED : 0));
        int slot = (int) (posted % kinds.length);
        kinds[slot] = kind;
        numbers[slot] = number;
        lastSignalled = signal ? posted : lastSignalled;
        posted++;
        count(RdmaCounters.Counter.SENDS);
        try {
            call.execute();
        } catch (IOException e) {
            breakWith("cannot post: " + e.getMessage());
        }
    }

    /** All work requests up to that one are done; tells the channel of each. */
    void complete(long upTo) {
        count(RdmaCounters.Counter.COMPLETIONS);
        for (; completed <= upTo; completed++) {
            int slot = (int) (completed % kinds.length);
            if (channel != null) {
                channel.onDelivered(this, kinds[slot], numbers[slot]);
            }
        }
    }

    /** No work of either end goes on after this; the connection manager frees the rest. */
    void shut() {
        state = State.SHUT;
        breakWith("shut");
        if (qp != null) {
            try {
                extension.setError(qp);
            } catch (IOException e) {
                System.getLogger(Link.class.getName()).log(System.Logger.Level.WARNING, "ending a queue pair", e);
            }
        }
    }
}
