package org.isthmus.rdma.verbs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * librdmacm.so.1: connections. Objects of the library are addresses. Any thread may call. To be used only after
 * {@link VerbsAvailability} found the library.
 */
public final class CmNative {
    static final String FILE = "librdmacm.so.1";
    private static final SymbolLookup CM = NativeFunction.library(FILE);
    private static final NativeFunction CREATE_EVENT_CHANNEL = new NativeFunction(CM, "rdma_create_event_channel");
    private static final NativeFunction DESTROY_EVENT_CHANNEL = new NativeFunction(CM, "rdma_destroy_event_channel");
    private static final NativeFunction CREATE_ID = new NativeFunction(CM, "rdma_create_id");
    private static final NativeFunction DESTROY_ID = new NativeFunction(CM, "rdma_destroy_id");
    private static final NativeFunction BIND_ADDR = new NativeFunction(CM, "rdma_bind_addr");
    private static final NativeFunction LISTEN = new NativeFunction(CM, "rdma_listen");
    private static final NativeFunction RESOLVE_ADDR = new NativeFunction(CM, "rdma_resolve_addr");
    private static final NativeFunction RESOLVE_ROUTE = new NativeFunction(CM, "rdma_resolve_route");
    private static final NativeFunction CREATE_QP = new NativeFunction(CM, "rdma_create_qp");
    private static final NativeFunction DESTROY_QP = new NativeFunction(CM, "rdma_destroy_qp");
    private static final NativeFunction CONNECT = new NativeFunction(CM, "rdma_connect");
    private static final NativeFunction ACCEPT = new NativeFunction(CM, "rdma_accept");
    private static final NativeFunction REJECT = new NativeFunction(CM, "rdma_reject");
    private static final NativeFunction DISCONNECT = new NativeFunction(CM, "rdma_disconnect");
    private static final NativeFunction GET_CM_EVENT = new NativeFunction(CM, "rdma_get_cm_event");
    private static final NativeFunction ACK_CM_EVENT = new NativeFunction(CM, "rdma_ack_cm_event");

    private CmNative() {}

    public static long createEventChannel() throws VerbsException {
        return CREATE_EVENT_CHANNEL.pointer("");
    }

    public static void destroyEventChannel(long channel) {
        DESTROY_EVENT_CHANNEL.run(channel);
    }

    /** @param portSpace 0x106: reliable connections */
    public static long createId(long channel, int portSpace) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment id = arena.allocate(ValueLayout.JAVA_LONG);
            CREATE_ID.check("port space 0x" + Integer.toHexString(portSpace), channel, id.address(), 0, portSpace);
            return id.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** Ends an id without a queue pair; waits until each of its events is acknowledged. */
    public static void destroyId(long id) throws VerbsException {
        DESTROY_ID.check("", id);
    }

    public static void bindAddr(long id, InetSocketAddress address) throws VerbsException, UnknownHostException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = address(arena, address);
            BIND_ADDR.check(address.toString(), id, target.address());
        }
    }

    public static void listen(long id, int backlog) throws VerbsException {
        LISTEN.check("backlog " + backlog, id, backlog);
    }

    /** @param source null: the system chooses; {@code millis}: how long before the event says it failed */
    public static void resolveAddr(long id, InetSocketAddress source, InetSocketAddress destination, int millis)
            throws VerbsException, UnknownHostException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = source == null ? MemorySegment.NULL : address(arena, source);
            MemorySegment to = address(arena, destination);
            RESOLVE_ADDR.check(destination.toString(), id, from.address(), to.address(), millis);
        }
    }

    private static MemorySegment address(Arena arena, InetSocketAddress address) throws UnknownHostException {
        MemorySegment target = arena.allocate(SocketAddressDescriptor.LAYOUT);
        SocketAddressDescriptor.write(target, address);
        return target;
    }

    public static void resolveRoute(long id, int millis) throws VerbsException {
        RESOLVE_ROUTE.check("", id, millis);
    }

    /** @param request a {@link QueuePairRequestDescriptor} */
    public static void createQp(long id, long pd, MemorySegment request) throws VerbsException {
        CREATE_QP.check(request.get(ValueLayout.JAVA_INT, QueuePairRequestDescriptor.MAX_SEND_WR_OFFSET) + " sends and "
                + request.get(ValueLayout.JAVA_INT, QueuePairRequestDescriptor.MAX_RECV_WR_OFFSET) + " receives with "
                + request.get(ValueLayout.JAVA_INT, QueuePairRequestDescriptor.MAX_INLINE_DATA_OFFSET)
                + " bytes inline", id, pd, request.address());
    }

    public static void destroyQp(long id) {
        DESTROY_QP.run(id);
    }

    /** @param parameters a {@link ConnectionParametersDescriptor} */
    public static void connect(long id, MemorySegment parameters) throws VerbsException {
        CONNECT.check("", id, parameters.address());
    }

    /** @param parameters a {@link ConnectionParametersDescriptor} */
    public static void accept(long id, MemorySegment parameters) throws VerbsException {
        ACCEPT.check("", id, parameters.address());
    }

    public static void reject(long id, byte[] privateData) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, privateData);
            REJECT.check("", id, data.address(), privateData.length);
        }
    }

    public static void disconnect(long id) throws VerbsException {
        DISCONNECT.check("", id);
    }

    /** Takes an event off the channel, waiting for one: a {@link CmEventDescriptor}, to be acknowledged. */
    public static long getCmEvent(long channel) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(ValueLayout.JAVA_LONG);
            GET_CM_EVENT.check("", channel, event.address());
            return event.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** Gives an event back to the library: its memory is gone. */
    public static void ackCmEvent(long event) throws VerbsException {
        ACK_CM_EVENT.check("", event);
    }
}
