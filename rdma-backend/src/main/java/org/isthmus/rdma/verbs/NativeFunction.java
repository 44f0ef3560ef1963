package org.isthmus.rdma.verbs;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A C function of at most six integer or pointer arguments that sets errno. Any thread may call.
 *
 * <p>All of them share one method handle that passes six 64-bit words: linking a handle for each of sixty signatures
 * would take most of the start of a program. The C calling conventions of Linux put these arguments into registers; a
 * function ignores the registers beyond its arguments and the upper half of a 32-bit one. It must not be variadic.
 */
final class NativeFunction {
    private static final int MOST_ARGUMENTS = 6;
    private static final int TEXT_BYTES = 1024;
    private static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;
    private static final MethodHandle CALL = Linker.nativeLinker().downcallHandle(
            FunctionDescriptor.of(L, L, L, L, L, L, L), Linker.Option.captureCallState("errno"));

    private final String name;
    private final MemorySegment address;

    /** @throws java.util.NoSuchElementException if there is no such function */
    NativeFunction(SymbolLookup library, String name) {
        this.name = name;
        this.address = library.findOrThrow(name);
    }

    /** The library of a file name; {@link IllegalArgumentException} if it cannot be loaded. */
    static SymbolLookup library(String file) {
        return SymbolLookup.libraryLookup(file, Arena.global());
    }

    /** What a call answered. */
    private record Outcome(long result, int errno) {
        /** 0; or the errno value, which functions answer themselves or leave in errno and answer -1. */
        int error() {
            return (int) result < 0 ? errno : (int) result;
        }
    }

    private Outcome call(long... arguments) {
        long[] a = new long[MOST_ARGUMENTS];
        System.arraycopy(arguments, 0, a, 0, arguments.length);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Linker.Option.captureStateLayout());
            long result = (long) CALL.invokeExact(address, errno, a[0], a[1], a[2], a[3], a[4], a[5]);
            return new Outcome(result, errno.get(ValueLayout.JAVA_INT, 0));
        } catch (Throwable t) {
            throw new IllegalStateException("the call of " + name + " failed", t);
        }
    }

    /** For a function without a result. */
    void run(long... arguments) {
        call(arguments);
    }

    /** For a function that answers 0, a positive errno, or -1 with errno set. {@code detail}: for the exception. */
    void check(String detail, long... arguments) throws VerbsException {
        int error = call(arguments).error();
        if (error != 0) {
            throw new VerbsException(name, detail, error);
        }
    }

    /** For a function that answers a number, or -1 with errno set: an errno value as a negative number. */
    int numberOrError(long... arguments) {
        Outcome outcome = call(arguments);
        return (int) outcome.result < 0 ? -outcome.errno : (int) outcome.result;
    }

    /** As {@link #numberOrError}, with an exception for the error. */
    int number(String detail, long... arguments) throws VerbsException {
        int number = numberOrError(arguments);
        if (number < 0) {
            throw new VerbsException(name, detail, -number);
        }
        return number;
    }

    /** For a function that answers a pointer, or 0 with errno set. */
    long pointer(String detail, long... arguments) throws VerbsException {
        Outcome outcome = call(arguments);
        if (outcome.result == 0) {
            throw new VerbsException(name, detail, outcome.errno);
        }
        return outcome.result;
    }

    /** For a function that answers a C string, or 0. */
    String text(long... arguments) {
        long pointer = call(arguments).result;
        return pointer == 0 ? "" : MemorySegment.ofAddress(pointer).reinterpret(TEXT_BYTES).getString(0);
    }
}
