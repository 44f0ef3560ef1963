package org.isthmus.comm.device;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * The CUDA driver API of a loaded {@code libcuda.so.1}. Contexts, streams, events, modules and functions are addresses,
 * 0 for none; so is memory of a device. Any thread may call; none allocates.
 *
 * <p>Every function is called with 64-bit words, one for each argument: the C calling conventions of Linux put each
 * into a register or a stack slot of its own, and a function ignores the upper half of a 32-bit one.
 */
final class CudaNative {
    static final String DEFAULT_LIBRARY = "libcuda.so.1";

    private static final int LONGEST_TEXT = 4096;
    private static final int LAUNCH_WORDS = 11;
    private static final MethodHandle CALL_1 = handle(1);
    private static final MethodHandle CALL_2 = handle(2);
    private static final MethodHandle CALL_3 = handle(3);
    private static final MethodHandle CALL_4 = handle(4);
    private static final MethodHandle CALL_LAUNCH = handle(LAUNCH_WORDS);

    private final String library;
    private final MemorySegment[] functions = new MemorySegment[CudaFunction.values().length];

    private CudaNative(String library) {
        this.library = library;
    }

    private static MethodHandle handle(int arguments) {
        MemoryLayout[] words = new MemoryLayout[arguments];
        Arrays.fill(words, ValueLayout.JAVA_LONG);
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(ValueLayout.JAVA_INT, words));
    }

    /**
     * Loads a library, which stays loaded.
     *
     * @param file path, or a name that the dynamic linker finds; empty: {@link #DEFAULT_LIBRARY}
     * @throws CommException that says what is missing and what to do
     */
    static CudaNative load(String file) {
        CudaNative cuda = new CudaNative(file.isEmpty() ? DEFAULT_LIBRARY : file);
        SymbolLookup symbols;
        try {
            symbols = SymbolLookup.libraryLookup(cuda.library, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new CommException(ErrorClass.OTHER, "the library of the CUDA driver, " + cuda.library
                    + ", cannot be loaded: install NVIDIA's driver, name the file by the setting isthmus.cuda.library, "
                    + "or run with -Disthmus.cuda=off", e);
        }
        for (CudaFunction function : CudaFunction.values()) {
            cuda.functions[function.ordinal()] = symbols.find(function.symbol).orElseThrow(() -> new CommException(
                    ErrorClass.OTHER, cuda.library + " lacks " + function.symbol + ": update NVIDIA's driver to one of "
                    + "CUDA 9 or later, or run with -Disthmus.cuda=off"));
        }
        return cuda;
    }

    /** What was loaded. */
    String library() {
        return library;
    }

    int call(CudaFunction function, long a) {
        try {
            return (int) CALL_1.invokeExact(functions[function.ordinal()], a);
        } catch (Throwable t) {
            throw failed(function, t);
        }
    }

    int call(CudaFunction function, long a, long b) {
        try {
            return (int) CALL_2.invokeExact(functions[function.ordinal()], a, b);
        } catch (Throwable t) {
            throw failed(function, t);
        }
    }

    int call(CudaFunction function, long a, long b, long c) {
        try {
            return (int) CALL_3.invokeExact(functions[function.ordinal()], a, b, c);
        } catch (Throwable t) {
            throw failed(function, t);
        }
    }

    int call(CudaFunction function, long a, long b, long c, long d) {
        try {
            return (int) CALL_4.invokeExact(functions[function.ordinal()], a, b, c, d);
        } catch (Throwable t) {
            throw failed(function, t);
        }
    }

    /** @param parameters address of an array of pointers to the kernel's parameters */
    int launch(long kernel, int blocks, int threads, long stream, long parameters) {
        try {
            return (int) CALL_LAUNCH.invokeExact(functions[CudaFunction.LAUNCH_KERNEL.ordinal()], kernel,
                    (long) blocks, 1L, 1L, (long) threads, 1L, 1L, 0L, stream, parameters, 0L);
        } catch (Throwable t) {
            throw failed(CudaFunction.LAUNCH_KERNEL, t);
        }
    }

    /** @throws CommException unless {@code result}, the function's answer, is success */
    void check(CudaFunction function, int result) {
        if (result != CudaErrors.SUCCESS) {
            throw failure(function, result);
        }
    }

    /** The error that an answer stands for. */
    CommException failure(CudaFunction function, int result) {
        return CudaErrors.failed(function, result, text(CudaFunction.ERROR_NAME, result),
                text(CudaFunction.ERROR_STRING, result));
    }

    private String text(CudaFunction function, int result) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer = arena.allocate(ValueLayout.JAVA_LONG);
            int answer = call(function, result, pointer.address());
            long address = pointer.get(ValueLayout.JAVA_LONG, 0);
            return answer != CudaErrors.SUCCESS || address == 0 ? "unknown error"
                    : memory(address, LONGEST_TEXT).getString(0);
        }
    }

    /** Memory of the host that the driver has told the address of. */
    static MemorySegment memory(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    private static IllegalStateException failed(CudaFunction function, Throwable t) {
        return new IllegalStateException("the call of " + function.symbol + " failed in Java", t);
    }
}
