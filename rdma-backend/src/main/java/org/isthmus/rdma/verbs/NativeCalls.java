package org.isthmus.rdma.verbs;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Functions of a library that set errno, and calls of them. Handles take the segment for errno first. */
final class NativeCalls {
    static final ValueLayout.OfInt I = ValueLayout.JAVA_INT;
    static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;
    static final ValueLayout.OfByte B = ValueLayout.JAVA_BYTE;
    static final ValueLayout P = ValueLayout.ADDRESS;

    private final SymbolLookup symbols;

    NativeCalls(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /** @throws IllegalArgumentException if there is no such library */
    static NativeCalls library(String file) {
        return new NativeCalls(SymbolLookup.libraryLookup(file, Arena.global()));
    }

    MethodHandle function(String name, ValueLayout result, ValueLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }

    /** A function without a result. */
    MethodHandle procedure(String name, ValueLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), FunctionDescriptor.ofVoid(arguments),
                Linker.Option.captureCallState("errno"));
    }

    interface Procedure {
        void invoke(MemorySegment errno) throws Throwable;
    }

    interface IntCall {
        int invoke(MemorySegment errno) throws Throwable;
    }

    interface PointerCall {
        long invoke(MemorySegment errno) throws Throwable;
    }

    static void run(String name, Procedure call) {
        errno(name, errno -> {
            call.invoke(errno);
            return 0;
        });
    }

    /** A call that answers 0, a positive errno, or -1 with errno set. */
    static void check(String name, String detail, IntCall call) throws VerbsException {
        int error = errno(name, call);
        if (error != 0) {
            throw new VerbsException(name, detail, error);
        }
    }

    /** As {@link #check}, with the errno value as the result. */
    static int errno(String name, IntCall call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            int result = call.invoke(errno);
            return result < 0 ? errno.get(I, 0) : result;
        } catch (Throwable t) {
            throw new IllegalStateException("the call of " + name + " failed", t);
        }
    }

    /** A call that answers a number, or -1 with errno set. */
    static int number(String name, IntCall call) throws VerbsException {
        int result;
        int error;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            result = call.invoke(errno);
            error = errno.get(I, 0);
        } catch (Throwable t) {
            throw new IllegalStateException("the call of " + name + " failed", t);
        }
        if (result < 0) {
            throw new VerbsException(name, "", error);
        }
        return result;
    }

    /** A call that answers a pointer, or 0 with errno set. */
    static long pointer(String name, String detail, PointerCall call) throws VerbsException {
        long result;
        int error;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            result = call.invoke(errno);
            error = errno.get(I, 0);
        } catch (Throwable t) {
            throw new IllegalStateException("the call of " + name + " failed", t);
        }
        if (result == 0) {
            throw new VerbsException(name, detail, error);
        }
        return result;
    }

    /** Text that a C string holds. */
    static String text(long pointer) {
        return pointer == 0 ? "" : MemorySegment.ofAddress(pointer).reinterpret(1024).getString(0);
    }
}
