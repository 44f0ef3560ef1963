package org.isthmus.comm.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The position that all ranks of a file share: a number in a hidden file, made when it is first needed, under the lock
 * of that file. So a rank that computes stops nobody, on one node and, where the file system has locks, between nodes.
 *
 * <p>Positions are bytes of the ranks' views, which are the same on all when this is used (MPI 3.1, section 13.4.4).
 */
final class SharedPosition {
    private static final AccessMode CREATE = new AccessMode(AccessMode.RDWR | AccessMode.CREATE);

    private final Path path;
    private long initial;
    private Storage storage;

    /**
     * @param path of the hidden file, equal on all ranks and used by no other file
     * @param initial what it is until somebody changes it; equal on all ranks
     */
    SharedPosition(Path path, long initial) {
        this.path = path;
        this.initial = initial;
    }

    /** Adds {@code bytes}; returns what it was before. */
    synchronized long getAndAdd(long bytes) {
        long[] before = new long[1];
        locked(word -> {
            before[0] = read(word);
            if (bytes != 0) {
                store(word, before[0] + bytes);
            }
        });
        return before[0];
    }

    synchronized void set(long position) {
        locked(word -> store(word, position));
    }

    /**
     * Makes it 0. Collective: no rank uses it before all have come back.
     *
     * @param first whether this rank is the one that tells the file
     */
    synchronized void reset(boolean first) {
        if (first && (storage != null || Files.exists(path))) {
            set(0);
        }
        initial = 0;
    }

    private interface Work {
        void on(MemorySegment word);
    }

    private void locked(Work work) {
        if (storage == null) {
            storage = Storage.open(path, CREATE, true);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocate(ValueLayout.JAVA_LONG);
            storage.locked(0, Long.BYTES, false, () -> work.on(word));
        }
    }

    private long read(MemorySegment word) {
        return storage.read(word, 0, Long.BYTES, 0) < Long.BYTES ? initial : word.get(ValueLayout.JAVA_LONG, 0);
    }

    private void store(MemorySegment word, long position) {
        word.set(ValueLayout.JAVA_LONG, 0, position);
        storage.write(word, 0, Long.BYTES, 0);
    }

    /** Closes this rank's end. */
    synchronized void close() {
        if (storage != null) {
            storage.close();
            storage = null;
        }
    }

    /** Removes the hidden file, after all ranks have closed. */
    void delete() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw FileErrors.of("cannot delete", path, e);
        }
    }
}
