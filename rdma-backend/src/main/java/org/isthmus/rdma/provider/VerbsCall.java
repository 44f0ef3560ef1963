package org.isthmus.rdma.provider;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory of a prepared call: written once, then executed any number of times without an allocation. It lives until
 * nobody refers to it any more; {@link #free} only forbids its use.
 */
final class VerbsCall {
    private final MemorySegment memory;
    private final String name;
    private boolean valid = true;

    VerbsCall(String name, long bytes) {
        this.name = name;
        this.memory = Arena.ofAuto().allocate(Math.max(bytes, Long.BYTES), Long.BYTES);
    }

    MemorySegment memory() {
        return memory;
    }

    long address() {
        return memory.address();
    }

    boolean isValid() {
        return valid;
    }

    void free() {
        valid = false;
    }

    void requireValid(boolean queueOpen) throws IOException {
        if (!valid) {
            throw new IOException(name + " was freed: prepare a new one");
        }
        if (!queueOpen) {
            throw new IOException(name + ": its queue is closed");
        }
    }

    /** @param errno what a post function answered */
    void requirePosted(int errno) throws IOException {
        if (errno != 0) {
            throw new IOException(name + " failed with errno " + errno + (errno == 12 // ENOMEM
                    ? ": the queue is full; wait for completions, or make the queue pair with more requests"
                    : errno == 22 // EINVAL
                    ? ": a request is not valid for this queue pair (its state, opcode, pieces of"
                    + " memory or inline bytes)"
                    : ""));
        }
    }
}
