package org.isthmus.tcpx.plugin;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The plugin of {@code test_net_plugin.c}, built by gcc; tests that need it are skipped without a compiler. */
public final class TestPlugin {
    /** What the plugin counts, in its own order. */
    public enum Statistic { REGISTRATIONS, REQUESTS, MOST, CONSUMED, OPEN, REFUSED }

    public static final int FAULT_SEND = 1;
    public static final int FAULT_SWAP = 2;
    public static final int FAULT_STALL = 3;

    private static final String SOURCE = "test_net_plugin.c";

    private TestPlugin() {}

    /** The library of that interface version, and compiled with further options. */
    public static synchronized String build(int version, String... options) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(Path.of("target/plugins")).toAbsolutePath();
        Path library = directory.resolve("libnccl-net-test" + version + String.join("", options) + ".so");
        Path source = directory.resolve(SOURCE);
        byte[] current = source();
        boolean unchanged = Files.exists(source) && Arrays.equals(Files.readAllBytes(source), current);
        if (unchanged && Files.exists(library)
                && Files.getLastModifiedTime(library).compareTo(Files.getLastModifiedTime(source)) > 0) {
            return library.toString();
        }
        assumeTrue(hasCompiler(), "gcc is not installed");
        if (!unchanged) {
            Files.write(source, current);
        }
        List<String> command =
                new ArrayList<>(List.of("gcc", "-Wall", "-O1", "-shared", "-fPIC", "-DVERSION=" + version));
        command.addAll(List.of(options));
        command.addAll(List.of("-o", library.toString(), source.toString()));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor(), "gcc failed");
        return library.toString();
    }

    private static byte[] source() throws IOException {
        try (InputStream in = TestPlugin.class.getResourceAsStream(SOURCE)) {
            return in.readAllBytes();
        }
    }

    private static boolean hasCompiler() throws InterruptedException {
        try {
            return new ProcessBuilder("gcc", "--version").redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                    .waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    public static long statistic(String library, Statistic statistic) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(ValueLayout.JAVA_LONG, Statistic.values().length);
            Linker.nativeLinker().downcallHandle(symbol(library, "test_statistics"),
                    FunctionDescriptor.ofVoid(ValueLayout.ADDRESS)).invokeExact(values);
            return values.getAtIndex(ValueLayout.JAVA_LONG, statistic.ordinal());
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /** One of the faults, 0 for none. */
    public static void fault(String library, int kind) {
        try {
            Linker.nativeLinker().downcallHandle(symbol(library, "test_fault"),
                    FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)).invokeExact(kind);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    private static MemorySegment symbol(String library, String name) {
        return SymbolLookup.libraryLookup(library, Arena.global()).findOrThrow(name);
    }
}
