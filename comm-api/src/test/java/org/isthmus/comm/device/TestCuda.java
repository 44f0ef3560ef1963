package org.isthmus.comm.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * The driver of {@code test_cuda.c}, built by gcc, and what a program does with it: memory of its device, which the
 * host cannot touch, filled and read through the driver. Tests that need it are skipped without a compiler.
 */
public final class TestCuda {
    private static final String SOURCE = "test_cuda.c";
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG;

    private final SymbolLookup symbols;
    private final long stream;

    private TestCuda(String library) {
        this.symbols = SymbolLookup.libraryLookup(library, Arena.global());
        call("cuInit", 0);
        makePrimaryCurrent();
        this.stream = result("cuStreamCreate", 0);
    }

    /** The path of the library. */
    public static synchronized String build() throws IOException, InterruptedException {
        Path directory = Files.createDirectories(Path.of("target/cuda")).toAbsolutePath();
        Path library = directory.resolve("libcuda-test.so");
        Path source = directory.resolve(SOURCE);
        byte[] current;
        try (InputStream in = TestCuda.class.getResourceAsStream(SOURCE)) {
            current = in.readAllBytes();
        }
        if (Files.exists(library) && Files.exists(source) && Arrays.equals(Files.readAllBytes(source), current)) {
            return library.toString();
        }
        assumeTrue(hasCompiler(), "gcc is not installed");
        Path built = directory.resolve("built-" + ProcessHandle.current().pid());
        Files.write(source, current);
        assertEquals(0, new ProcessBuilder("gcc", "-Wall", "-O1", "-shared", "-fPIC", "-pthread", "-o",
                built.toString(), source.toString()).inheritIO().start().waitFor(), "gcc failed");
        Files.move(built, library, StandardCopyOption.REPLACE_EXISTING);
        return library.toString();
    }

    private static boolean hasCompiler() throws InterruptedException {
        try {
            return new ProcessBuilder("gcc", "--version").redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                    .waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts the driver as a program does; its device's primary context is the calling thread's. */
    public static TestCuda start(String library) {
        return new TestCuda(library);
    }

    /** Makes the device's primary context the calling thread's. */
    public void makePrimaryCurrent() {
        call("cuCtxSetCurrent", result("cuDevicePrimaryCtxRetain", 0));
    }

    /** Makes a context of the program's own, which is then the calling thread's. */
    public long createContext() {
        return result("cuCtxCreate_v2", 0, 0);
    }

    public void setCurrent(long context) {
        call("cuCtxSetCurrent", context);
    }

    public long current() {
        return result("cuCtxGetCurrent");
    }

    /** Memory of the device, of the current context. */
    public MemorySegment allocate(long bytes) {
        return memory(result("cuMemAlloc_v2", bytes), bytes);
    }

    /** Memory of the device that belongs to no context. */
    public MemorySegment allocateFromPool(long bytes) {
        return memory(result("cuMemAllocAsync", bytes, 0), bytes);
    }

    /** Memory that host and device may touch. */
    public MemorySegment allocateManaged(long bytes) {
        return memory(result("cuMemAllocManaged", bytes, 1), bytes);
    }

    public void free(MemorySegment memory) {
        call("cuMemFree_v2", memory.address());
    }

    private static MemorySegment memory(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /** Device memory with these bytes. */
    public MemorySegment deviceCopy(byte[] bytes) {
        MemorySegment memory = allocate(Math.max(1, bytes.length));
        write(memory, bytes);
        return memory;
    }

    public void write(MemorySegment memory, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            call("cuMemcpyHtoDAsync_v2", memory.address(), host.address(), bytes.length, stream);
            call("cuStreamSynchronize", stream);
        }
    }

    /** The first {@code length} bytes of device memory. */
    public byte[] read(MemorySegment memory, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(Math.max(1, length));
            call("cuMemcpyDtoHAsync_v2", host.address(), memory.address(), length, stream);
            call("cuStreamSynchronize", stream);
            return host.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** How often a function was called in this process. */
    public long calls(String function) {
        try (Arena arena = Arena.ofConfined()) {
            MethodHandle calls = Linker.nativeLinker().downcallHandle(symbols.findOrThrow("test_calls"),
                    FunctionDescriptor.of(WORD, WORD));
            return (long) calls.invokeExact(arena.allocateFrom(function).address());
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** Calls a function that stores its result where its first argument says. */
    private long result(String function, long... more) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(WORD);
            long[] arguments = new long[more.length + 1];
            arguments[0] = result.address();
            System.arraycopy(more, 0, arguments, 1, more.length);
            call(function, arguments);
            return result.get(WORD, 0);
        }
    }

    private void call(String function, long... arguments) {
        ValueLayout[] words = new ValueLayout[arguments.length];
        Arrays.fill(words, WORD);
        MethodHandle handle = Linker.nativeLinker().downcallHandle(symbols.findOrThrow(function),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, words));
        try {
            assertEquals(0, (int) handle.asSpreader(long[].class, arguments.length).invoke(arguments), function);
        } catch (Throwable t) {
            throw new AssertionError(function, t);
        }
    }
}
