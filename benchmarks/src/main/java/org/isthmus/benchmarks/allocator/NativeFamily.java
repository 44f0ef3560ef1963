package org.isthmus.benchmarks.allocator;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * An allocator of C through critical downcalls. One library in each process, so that its handles are constants to the
 * compiler: {@link #use} comes before everything else.
 */
final class NativeFamily implements HeapFamily {
    private static volatile Library chosen;

    /** A rival in C. */
    enum Library {
        GLIBC("libc.so.6", "", "malloc_usable_size", "libc6"),
        MIMALLOC("libmimalloc.so.2", "mi_", "mi_usable_size", "libmimalloc2.0"),
        /** Needs {@code GLIBC_TUNABLES=glibc.rtld.optional_static_tls=65536} in the environment. */
        JEMALLOC("libjemalloc.so.2", "", "malloc_usable_size", "libjemalloc2");

        private final String file;
        private final String prefix;
        private final String usableSize;
        private final String debianPackage;

        Library(String file, String prefix, String usableSize, String debianPackage) {
            this.file = file;
            this.prefix = prefix;
            this.usableSize = usableSize;
            this.debianPackage = debianPackage;
        }
    }

    /** The library is not on this machine; the message names the package that has it. */
    static final class AbsentException extends Exception {
        private static final long serialVersionUID = 1L;

        AbsentException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The functions, as constants. */
    private static final class Calls {
        static final Library LIBRARY = chosen;
        static final SymbolLookup LOOKUP = SymbolLookup.libraryLookup(LIBRARY.file, Arena.global());
        static final MethodHandle MALLOC = function(LIBRARY.prefix + "malloc",
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
        static final MethodHandle FREE = function(LIBRARY.prefix + "free",
                FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));
        static final MethodHandle USABLE_SIZE = function(LIBRARY.usableSize,
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));

        private Calls() {}

        private static MethodHandle function(String name, FunctionDescriptor descriptor) {
            return Linker.nativeLinker().downcallHandle(LOOKUP.findOrThrow(name), descriptor,
                    Linker.Option.critical(false));
        }
    }

    private NativeFamily() {}

    /** The family of a library. */
    static NativeFamily use(Library library) throws AbsentException {
        try {
            SymbolLookup.libraryLookup(library.file, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new AbsentException(library.file + " cannot be loaded; on Debian install "
                    + library.debianPackage, e);
        }
        chosen = library;
        if (Calls.LIBRARY != library) {
            throw new IllegalStateException("this process already measures " + Calls.LIBRARY);
        }
        return new NativeFamily();
    }

    @Override
    public Heap newHeap(int index) {
        return new NativeHeap();
    }

    @Override
    public int maxBytes() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean spansProcesses() {
        return false;
    }

    private static final class NativeHeap implements Heap {
        private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

        @Override
        public long allocate(int bytes) {
            try {
                return (long) Calls.MALLOC.invokeExact((long) bytes);
            } catch (Throwable t) {
                throw new IllegalStateException(t);
            }
        }

        @Override
        public void free(long handle) {
            try {
                Calls.FREE.invokeExact(handle);
            } catch (Throwable t) {
                throw new IllegalStateException(t);
            }
        }

        @Override
        public void write(long handle, long value) {
            ALL.set(ValueLayout.JAVA_LONG, handle, value);
        }

        @Override
        public long read(long handle) {
            return ALL.get(ValueLayout.JAVA_LONG, handle);
        }

        @Override
        public long blockBytes(long handle, int bytes) {
            try {
                return (long) Calls.USABLE_SIZE.invokeExact(handle);
            } catch (Throwable t) {
                throw new IllegalStateException(t);
            }
        }
    }
}
