package org.isthmus.tcpx.plugin;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;

/**
 * The functions of one loaded plugin. Objects of the plugin (comms, memory handles, requests) are addresses, 0 for
 * none. Different threads may use different comms at a time. Functions that post or ask allocate nothing.
 *
 * <p>Every function is called with 64-bit words, one for each argument: the C calling conventions of Linux put each
 * into a register or a stack slot of its own, and a function ignores the upper half of a 32-bit one.
 */
public final class NetPluginNative {
    /** Bytes of the handle by which a listener is reached. */
    public static final int HANDLE_BYTES = 128;
    /** {@code NCCL_PTR_HOST}. */
    static final int POINTER_HOST = 1;
    /** Memory for the out arguments of {@link #send}, {@link #receive} and {@link #test}; one for each comm. */
    public static final long SCRATCH_BYTES = 64;

    private static final String[] RESULTS = {"success", "unhandled CUDA error", "system error", "internal error",
        "invalid argument", "invalid usage", "remote error", "in progress"};
    private static final int LONGEST_TEXT = 4096;
    private static final ValueLayout.OfInt I = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;
    private static final long DATA_AT = 0;
    private static final long SIZE_AT = 8;
    private static final long TAG_AT = 16;
    private static final long MEMORY_AT = 24;
    private static final long PROFILER_AT = 32;
    private static final long REQUEST_AT = 40;
    private static final long DONE_AT = 48;
    private static final long TEST_SIZE_AT = 56;

    private static final MethodHandle CALL_1 = handle(1);
    private static final MethodHandle CALL_2 = handle(2);
    private static final MethodHandle CALL_3 = handle(3);
    private static final MethodHandle CALL_4 = handle(4);
    private static final MethodHandle CALL_5 = handle(5);
    private static final MethodHandle CALL_6 = handle(6);
    private static final MethodHandle CALL_7 = handle(7);
    private static final MethodHandle CALL_8 = handle(8);

    private final NetPluginVersion version;
    private final String name;
    private final MemorySegment[] functions = new MemorySegment[NetPluginTable.POINTERS];

    private NetPluginNative(NetPluginVersion version, MemorySegment table) {
        this.version = version;
        for (int i = 0; i < functions.length; i++) {
            functions[i] = table.get(ValueLayout.ADDRESS, (long) i * Long.BYTES);
        }
        this.name = text(functions[NetPluginTable.NAME].address());
    }

    private static MethodHandle handle(int arguments) {
        MemoryLayout[] words = new MemoryLayout[arguments];
        Arrays.fill(words, L);
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(I, words));
    }

    /**
     * Loads a library, which stays loaded, and calls its init.
     *
     * @param file path, or a name that the dynamic linker finds
     * @throws NetPluginException that says what is missing and what to do
     */
    static NetPluginNative load(String file) throws NetPluginException {
        SymbolLookup library;
        try {
            library = SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new NetPluginException(file
                    + " cannot be loaded: give the path of a libnccl-net*.so, or put its directory into"
                    + " LD_LIBRARY_PATH, together with the libraries that it needs (ldd " + file + ")", e);
        }
        for (NetPluginVersion version : NetPluginVersion.values()) {
            MemorySegment table = library.find(version.symbol()).orElse(null);
            if (table != null) {
                NetPluginNative plugin = new NetPluginNative(version,
                        table.reinterpret((long) NetPluginTable.POINTERS * Long.BYTES));
                plugin.init(file);
                return plugin;
            }
        }
        throw new NetPluginException(file + " exports none of ncclNetPlugin_v7 to ncclNetPlugin_v10: take a release"
                + " of the plugin that has one of them");
    }

    private void init(String file) throws NetPluginException {
        for (int i = NetPluginTable.INIT; i < functions.length; i++) {
            boolean optional = i == NetPluginTable.REG_MR + 1 || i == NetPluginTable.ISEND + 2
                    || i == NetPluginTable.IRECV_CONSUMED - 1 || i == NetPluginTable.IRECV_CONSUMED;
            if (!optional && functions[i].address() == 0) {
                throw new NetPluginException(file + " lacks function " + i + " of " + version.symbol());
            }
        }
        long logger = upcall("log", MethodType.methodType(void.class, int.class, long.class, long.class, int.class,
                long.class), FunctionDescriptor.ofVoid(I, L, L, I, L));
        if (version.hasProfiler()) {
            long profiler = upcall("profile",
                    MethodType.methodType(int.class, long.class, int.class, long.class, long.class, long.class),
                    FunctionDescriptor.of(I, L, I, L, L, L));
            check("init", call2(NetPluginTable.INIT, logger, profiler));
        } else {
            check("init", call1(NetPluginTable.INIT, logger));
        }
    }

    private static long upcall(String method, MethodType type, FunctionDescriptor descriptor) {
        try {
            return Linker.nativeLinker()
                    .upcallStub(MethodHandles.lookup().findStatic(NetPluginNative.class, method, type),
                    descriptor, Arena.global()).address();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " of this class", e);
        }
    }

    /** The plugin's logger; of its variable arguments nothing is known, so the text shows the format alone. */
    private static void log(int level, long flags, long file, int line, long format) {
        System.Logger logger = System.getLogger(NetPluginNative.class.getName());
        System.Logger.Level ours = level == 2 ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG;
        if (logger.isLoggable(ours)) {
            logger.log(ours, "{0}:{1}: {2}", text(file), Integer.toString(line), text(format));
        }
    }

    /** The plugin's profiler, which is off. */
    private static int profile(long handle, int type, long parent, long plugin, long data) {
        return 0;
    }

    private static String text(long address) {
        return address == 0 ? "" : MemorySegment.ofAddress(address).reinterpret(LONGEST_TEXT).getString(0);
    }

    public NetPluginVersion version() {
        return version;
    }

    public String name() {
        return name;
    }

    /** Whether received requests must be given back by {@link #consumed}. */
    public boolean wantsConsumed() {
        return functions[NetPluginTable.IRECV_CONSUMED].address() != 0;
    }

    /** Number of network cards. */
    public int devices() throws NetPluginException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(L);
            check("devices", call1(NetPluginTable.DEVICES, count.address()));
            return count.get(I, 0);
        }
    }

    public NetPluginDevice device(int index) throws NetPluginException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment properties = arena.allocate(version.propertiesBytes(), Long.BYTES);
            check("getProperties", call2(NetPluginTable.GET_PROPERTIES, index, properties.address()));
            return new NetPluginDevice(index, text(properties.get(L, 0)),
                    (properties.get(I, NetPluginVersion.POINTER_SUPPORT_OFFSET) & POINTER_HOST) != 0,
                    properties.get(I, version.speedOffset()), properties.get(I, version.maxCommsOffset()),
                    properties.get(I, version.deviceTypeOffset()) != 0);
        }
    }

    /** @param handle {@link #HANDLE_BYTES}, filled with how to reach the listener; the listening comm */
    public long listen(int device, MemorySegment handle) throws NetPluginException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment comm = arena.allocate(L);
            check("listen", call3(NetPluginTable.LISTEN, device, handle.address(), comm.address()));
            return comm.get(L, 0);
        }
    }

    /**
     * Goes on connecting.
     *
     * @param handle the peer's; the same memory at every call, for plugins keep their state in it
     * @return the sending comm; 0: call again later
     */
    public long connect(int device, MemorySegment handle) throws NetPluginException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment comm = arena.allocate(L);
            MemorySegment offload = arena.allocate(L);
            if (version.hasProfiler()) {
                MemorySegment config = arena.allocate(L);
                config.set(I, 0, -1);
                check("connect", call5(NetPluginTable.CONNECT, device, config.address(), handle.address(),
                        comm.address(), offload.address()));
            } else {
                check("connect",
                        call4(NetPluginTable.CONNECT, device, handle.address(), comm.address(), offload.address()));
            }
            return comm.get(L, 0);
        }
    }

    /** Goes on accepting; the receiving comm, or 0: call again later. */
    public long accept(long listener) throws NetPluginException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment comm = arena.allocate(L);
            MemorySegment offload = arena.allocate(L);
            check("accept", call3(NetPluginTable.ACCEPT, listener, comm.address(), offload.address()));
            return comm.get(L, 0);
        }
    }

    /** Registers memory of the host with a comm; its memory handle. */
    public long register(long comm, MemorySegment memory) throws NetPluginException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(L);
            check("regMr", call5(NetPluginTable.REG_MR, comm, memory.address(), memory.byteSize(), POINTER_HOST,
                    handle.address()));
            return handle.get(L, 0);
        }
    }

    public void deregister(long comm, long memoryHandle) throws NetPluginException {
        check("deregMr", call2(NetPluginTable.DEREG_MR, comm, memoryHandle));
    }

    /** Posts a send; its request, or 0 if the plugin takes none now. {@code scratch}: {@link #SCRATCH_BYTES}. */
    public long send(long comm, long data, long size, long memoryHandle, MemorySegment scratch)
            throws NetPluginException {
        scratch.set(L, REQUEST_AT, 0);
        long request = scratch.address() + REQUEST_AT;
        if (version.hasProfiler()) {
            check("isend", call7(NetPluginTable.ISEND, comm, data, size, 0, memoryHandle, 0, request));
        } else {
            check("isend", call6(NetPluginTable.ISEND, comm, data, size, 0, memoryHandle, request));
        }
        return scratch.get(L, REQUEST_AT);
    }

    /** Posts a receive; its request, or 0 if the plugin takes none now. */
    public long receive(long comm, long data, long size, long memoryHandle, MemorySegment scratch)
            throws NetPluginException {
        scratch.set(L, DATA_AT, data);
        if (version.hasLongSizes()) {
            scratch.set(L, SIZE_AT, size);
        } else {
            scratch.set(I, SIZE_AT, (int) size);
        }
        scratch.set(I, TAG_AT, 0);
        scratch.set(L, MEMORY_AT, memoryHandle);
        scratch.set(L, PROFILER_AT, 0);
        scratch.set(L, REQUEST_AT, 0);
        long at = scratch.address();
        if (version.hasProfiler()) {
            check("irecv", call8(NetPluginTable.IRECV, comm, 1, at + DATA_AT, at + SIZE_AT, at + TAG_AT, at + MEMORY_AT,
                    at + PROFILER_AT, at + REQUEST_AT));
        } else {
            check("irecv", call7(NetPluginTable.IRECV, comm, 1, at + DATA_AT, at + SIZE_AT, at + TAG_AT, at + MEMORY_AT,
                    at + REQUEST_AT));
        }
        return scratch.get(L, REQUEST_AT);
    }

    /** Whether the oldest request of a comm that has not been done yet is done now. No other may be asked for. */
    public boolean test(long request, MemorySegment scratch) throws NetPluginException {
        scratch.set(I, DONE_AT, 0);
        scratch.set(I, TEST_SIZE_AT, -1);
        check("test",
                call3(NetPluginTable.TEST, request, scratch.address() + DONE_AT, scratch.address() + TEST_SIZE_AT));
        return scratch.get(I, DONE_AT) != 0;
    }

    /** Bytes of the request that {@link #test} last found done; -1 if the plugin does not say. */
    public int testedSize(MemorySegment scratch) {
        return scratch.get(I, TEST_SIZE_AT);
    }

    /** Gives a done receive back, in the order of the receives; the plugin may use its memory at once. */
    public void consumed(long comm, long request) throws NetPluginException {
        check("irecvConsumed", call3(NetPluginTable.IRECV_CONSUMED, comm, 1, request));
    }

    public void closeSend(long comm) throws NetPluginException {
        check("closeSend", call1(NetPluginTable.CLOSE_SEND, comm));
    }

    public void closeReceive(long comm) throws NetPluginException {
        check("closeRecv", call1(NetPluginTable.CLOSE_RECV, comm));
    }

    public void closeListen(long comm) throws NetPluginException {
        check("closeListen", call1(NetPluginTable.CLOSE_LISTEN, comm));
    }

    private void check(String function, int result) throws NetPluginException {
        if (result != 0) {
            String meaning = result > 0 && result < RESULTS.length ? RESULTS[result] : "unknown result";
            throw new NetPluginException("plugin " + name + " answered " + result
                    + " (" + meaning + ") to " + function);
        }
    }

    private int call1(int function, long a) {
        try {
            return (int) CALL_1.invokeExact(functions[function], a);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    private int call2(int function, long a, long b) {
        try {
            return (int) CALL_2.invokeExact(functions[function], a, b);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    private int call3(int function, long a, long b, long c) {
        try {
            return (int) CALL_3.invokeExact(functions[function], a, b, c);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    private int call4(int function, long a, long b, long c, long d) {
        try {
            return (int) CALL_4.invokeExact(functions[function], a, b, c, d);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    private int call5(int function, long a, long b, long c, long d, long e) {
        try {
            return (int) CALL_5.invokeExact(functions[function], a, b, c, d, e);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    private int call6(int function, long a, long b, long c, long d, long e, long f) {
        try {
            return (int) CALL_6.invokeExact(functions[function], a, b, c, d, e, f);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    private int call7(int function, long a, long b, long c, long d, long e, long f, long g) {
        try {
            return (int) CALL_7.invokeExact(functions[function], a, b, c, d, e, f, g);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    private int call8(int function, long a, long b, long c, long d, long e, long f, long g, long h) {
        try {
            return (int) CALL_8.invokeExact(functions[function], a, b, c, d, e, f, g, h);
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    private static IllegalStateException failed(Throwable t) {
        return new IllegalStateException("a call of a plugin failed in Java", t);
    }
}
