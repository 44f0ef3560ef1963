package org.isthmus.node.bootstrap.exchange;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The calls of libpmix.so.2 that wire-up needs, and the layouts of their arguments, which are the same from PMIx 4.2 to
 * 7.0. To be loaded only where native access is enabled. Calls return a PMIx status, 0 for success.
 */
final class PmixNative {
    static final int SUCCESS = 0;
    static final int NOT_FOUND = -46;
    static final int WILDCARD = 0xfffffffe;
    static final byte GLOBAL = 3;

    static final short BOOL = 1;
    static final short STRING = 3;
    static final short INT = 6;
    static final short INT32 = 9;
    static final short UINT32 = 14;
    static final short BYTE_OBJECT = 27;
    static final short PROC_RANK = 40;

    static final long PROC_BYTES = 260;
    static final long PROC_RANK_AT = 256;
    static final long VALUE_BYTES = 32;
    static final long VALUE_DATA_AT = 8;
    static final long VALUE_SIZE_AT = 16;
    static final long INFO_BYTES = 552;
    static final long INFO_VALUE_AT = 520;
    private static final int LONGEST_TEXT = 65536;
    /** An info array of length 0. */
    static final MemorySegment NONE = MemorySegment.NULL;

    private static final ValueLayout.OfInt I = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;
    private static final ValueLayout P = ValueLayout.ADDRESS;

    private final MethodHandle init;
    private final MethodHandle put;
    private final MethodHandle commit;
    private final MethodHandle fence;
    private final MethodHandle get;
    private final MethodHandle finish;
    private final MethodHandle errorString;
    private final MethodHandle version;
    private final MethodHandle destruct;
    private final MethodHandle free;

    private PmixNative(SymbolLookup library) {
        init = handle(library, "PMIx_Init", FunctionDescriptor.of(I, P, P, L));
        put = handle(library, "PMIx_Put", FunctionDescriptor.of(I, ValueLayout.JAVA_BYTE, P, P));
        commit = handle(library, "PMIx_Commit", FunctionDescriptor.of(I));
        fence = handle(library, "PMIx_Fence", FunctionDescriptor.of(I, P, L, P, L));
        get = handle(library, "PMIx_Get", FunctionDescriptor.of(I, P, P, P, L, P));
        finish = handle(library, "PMIx_Finalize", FunctionDescriptor.of(I, P, L));
        errorString = handle(library, "PMIx_Error_string", FunctionDescriptor.of(P, I));
        version = handle(library, "PMIx_Get_version", FunctionDescriptor.of(P));
        destruct = handle(library, "PMIx_Value_destruct", FunctionDescriptor.ofVoid(P));
        free = handle(Linker.nativeLinker().defaultLookup(), "free", FunctionDescriptor.ofVoid(P));
    }

    private static MethodHandle handle(SymbolLookup library, String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
    }

    /**
     * Loads the library.
     *
     * @param names file names or paths, tried in turn
     * @return nothing if there is none of them
     */
    static Optional<PmixNative> load(List<String> names) {
        List<String> tried = new ArrayList<>();
        for (String name : names) {
            try {
                return Optional.of(new PmixNative(SymbolLookup.libraryLookup(name, Arena.global())));
            } catch (IllegalArgumentException e) {
                tried.add(name); // no such library
            }
        }
        System.getLogger(PmixNative.class.getName()).log(System.Logger.Level.DEBUG, "no PMIx library: {0}", tried);
        return Optional.empty();
    }

    int init(MemorySegment self) {
        return status(() -> (int) init.invokeExact(self, NONE, 0L));
    }

    int put(MemorySegment key, MemorySegment value) {
        return status(() -> (int) put.invokeExact(GLOBAL, key, value));
    }

    int commit() {
        return status(() -> (int) commit.invokeExact());
    }

    int fence(MemorySegment infos, long count) {
        return status(() -> (int) fence.invokeExact(NONE, 0L, infos, count));
    }

    /**
     * @param result a pointer; to be released by {@link #release} after success
     */
    int get(MemorySegment process, MemorySegment key, MemorySegment infos, long count, MemorySegment result) {
        return status(() -> (int) get.invokeExact(process, key, infos, count, result));
    }

    int finish() {
        return status(() -> (int) finish.invokeExact(NONE, 0L));
    }

    /** Frees what {@link #get} returned. */
    void release(MemorySegment value) {
        status(() -> {
            destruct.invokeExact(value);
            free.invokeExact(value);
            return SUCCESS;
        });
    }

    String errorText(int status) {
        MemorySegment[] text = new MemorySegment[1];
        status(() -> {
            text[0] = (MemorySegment) errorString.invokeExact(status);
            return SUCCESS;
        });
        return text(text[0]) + " (" + status + ")";
    }

    String version() {
        MemorySegment[] text = new MemorySegment[1];
        status(() -> {
            text[0] = (MemorySegment) version.invokeExact();
            return SUCCESS;
        });
        return text(text[0]);
    }

    private static String text(MemorySegment pointer) {
        return pointer.address() == 0 ? "" : pointer.reinterpret(LONGEST_TEXT).getString(0);
    }

    private interface Call {
        int invoke() throws Throwable;
    }

    private static int status(Call call) {
        try {
            return call.invoke();
        } catch (Throwable t) {
            throw new IllegalStateException("a call of libpmix failed", t);
        }
    }
}
