package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.NativeCalls.B;
import static org.isthmus.rdma.verbs.NativeCalls.I;
import static org.isthmus.rdma.verbs.NativeCalls.L;
import static org.isthmus.rdma.verbs.NativeCalls.P;
import static org.isthmus.rdma.verbs.NativeCalls.check;
import static org.isthmus.rdma.verbs.NativeCalls.pointer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * librdmacm.so.1: connections. Objects of the library are addresses. Any thread may call. To be used only after
 * {@link VerbsAvailability} found the library.
 */
public final class CmNative {
    static final String FILE = "librdmacm.so.1";
    private static final NativeCalls CM = NativeCalls.library(FILE);
    private static final MethodHandle CREATE_EVENT_CHANNEL = CM.function("rdma_create_event_channel", L);
    private static final MethodHandle DESTROY_EVENT_CHANNEL = CM.procedure("rdma_destroy_event_channel", L);
    private static final MethodHandle CREATE_ID = CM.function("rdma_create_id", I, L, P, L, I);
    private static final MethodHandle DESTROY_ID = CM.function("rdma_destroy_id", I, L);
    private static final MethodHandle BIND_ADDR = CM.function("rdma_bind_addr", I, L, P);
    private static final MethodHandle LISTEN = CM.function("rdma_listen", I, L, I);
    private static final MethodHandle RESOLVE_ADDR = CM.function("rdma_resolve_addr", I, L, P, P, I);
    private static final MethodHandle RESOLVE_ROUTE = CM.function("rdma_resolve_route", I, L, I);
    private static final MethodHandle CREATE_QP = CM.function("rdma_create_qp", I, L, L, P);
    private static final MethodHandle DESTROY_QP = CM.procedure("rdma_destroy_qp", L);
    private static final MethodHandle CONNECT = CM.function("rdma_connect", I, L, P);
    private static final MethodHandle ACCEPT = CM.function("rdma_accept", I, L, P);
    private static final MethodHandle REJECT = CM.function("rdma_reject", I, L, P, B);
    private static final MethodHandle DISCONNECT = CM.function("rdma_disconnect", I, L);
    private static final MethodHandle GET_CM_EVENT = CM.function("rdma_get_cm_event", I, L, P);
    private static final MethodHandle ACK_CM_EVENT = CM.function("rdma_ack_cm_event", I, L);

    private CmNative() {}

    public static long createEventChannel() throws VerbsException {
        return pointer("rdma_create_event_channel", "", errno -> (long) CREATE_EVENT_CHANNEL.invokeExact(errno));
    }

    public static void destroyEventChannel(long channel) {
        NativeCalls.run("rdma_destroy_event_channel", errno -> { DESTROY_EVENT_CHANNEL.invokeExact(errno, channel); });
    }

    /** @param portSpace 0x106: reliable connections */
    public static long createId(long channel, int portSpace) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment id = arena.allocate(L);
            check("rdma_create_id", "port space 0x" + Integer.toHexString(portSpace),
                    errno -> (int) CREATE_ID.invokeExact(errno, channel, id, 0L, portSpace));
            return id.get(L, 0);
        }
    }

    /** Ends an id without a queue pair; waits until each of its events is acknowledged. */
    public static void destroyId(long id) throws VerbsException {
        check("rdma_destroy_id", "", errno -> (int) DESTROY_ID.invokeExact(errno, id));
    }

    public static void bindAddr(long id, InetSocketAddress address) throws VerbsException, UnknownHostException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = address(arena, address);
            check("rdma_bind_addr", address.toString(), errno -> (int) BIND_ADDR.invokeExact(errno, id, target));
        }
    }

    public static void listen(long id, int backlog) throws VerbsException {
        check("rdma_listen", "backlog " + backlog, errno -> (int) LISTEN.invokeExact(errno, id, backlog));
    }

    /** @param source null: the system chooses; {@code millis}: how long before the event says it failed */
    public static void resolveAddr(long id, InetSocketAddress source, InetSocketAddress destination, int millis)
            throws VerbsException, UnknownHostException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment from = source == null ? MemorySegment.NULL : address(arena, source);
            MemorySegment to = address(arena, destination);
            check("rdma_resolve_addr", destination.toString(),
                    errno -> (int) RESOLVE_ADDR.invokeExact(errno, id, from, to, millis));
        }
    }

    private static MemorySegment address(Arena arena, InetSocketAddress address) throws UnknownHostException {
        MemorySegment target = arena.allocate(SocketAddressDescriptor.LAYOUT);
        SocketAddressDescriptor.write(target, address);
        return target;
    }

    public static void resolveRoute(long id, int millis) throws VerbsException {
        check("rdma_resolve_route", "", errno -> (int) RESOLVE_ROUTE.invokeExact(errno, id, millis));
    }

    /** @param request a {@link QueuePairRequestDescriptor} */
    public static void createQp(long id, long pd, MemorySegment request) throws VerbsException {
        check("rdma_create_qp", request.get(I, QueuePairRequestDescriptor.MAX_SEND_WR_OFFSET) + " sends and "
                + request.get(I, QueuePairRequestDescriptor.MAX_RECV_WR_OFFSET) + " receives with "
                + request.get(I, QueuePairRequestDescriptor.MAX_INLINE_DATA_OFFSET) + " bytes inline",
                errno -> (int) CREATE_QP.invokeExact(errno, id, pd, request));
    }

    public static void destroyQp(long id) {
        NativeCalls.run("rdma_destroy_qp", errno -> { DESTROY_QP.invokeExact(errno, id); });
    }

    /** @param parameters a {@link ConnectionParametersDescriptor} */
    public static void connect(long id, MemorySegment parameters) throws VerbsException {
        check("rdma_connect", "", errno -> (int) CONNECT.invokeExact(errno, id, parameters));
    }

    /** @param parameters a {@link ConnectionParametersDescriptor} */
    public static void accept(long id, MemorySegment parameters) throws VerbsException {
        check("rdma_accept", "", errno -> (int) ACCEPT.invokeExact(errno, id, parameters));
    }

    public static void reject(long id, byte[] privateData) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(B, privateData);
            check("rdma_reject", "", errno -> (int) REJECT.invokeExact(errno, id, data, (byte) privateData.length));
        }
    }

    public static void disconnect(long id) throws VerbsException {
        check("rdma_disconnect", "", errno -> (int) DISCONNECT.invokeExact(errno, id));
    }

    /** Takes an event off the channel, waiting for one: a {@link CmEventDescriptor}, to be acknowledged. */
    public static long getCmEvent(long channel) throws VerbsException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(L);
            check("rdma_get_cm_event", "", errno -> (int) GET_CM_EVENT.invokeExact(errno, channel, event));
            return event.get(L, 0);
        }
    }

    /** Gives an event back to the library: its memory is gone. */
    public static void ackCmEvent(long event) throws VerbsException {
        check("rdma_ack_cm_event", "", errno -> (int) ACK_CM_EVENT.invokeExact(errno, event));
    }
}
