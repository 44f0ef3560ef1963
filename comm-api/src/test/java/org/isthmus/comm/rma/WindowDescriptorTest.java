package org.isthmus.comm.rma;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.comm.progress.Completion;
import org.isthmus.comm.progress.Progress;
import org.junit.jupiter.api.Test;

/** Where the words of a window lie, and what the bytes of a lock word are. */
class WindowDescriptorTest {
    @Test
    void offsets() {
        assertEquals(0, WindowDescriptor.SLEEPERS_OFFSET);
        assertEquals(64, WindowDescriptor.lock(0));
        assertEquals(128, WindowDescriptor.elements(0));
        assertEquals(192, WindowDescriptor.lock(1));
        assertEquals(256, WindowDescriptor.elements(1));
        assertEquals(64 + 3 * 128, WindowDescriptor.bytes(3));
    }

    @Test
    void bytesOfAnElementLock() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(WindowDescriptor.bytes(1), 64);
            ElementLock lock = new ElementLock(memory, WindowDescriptor.elements(0), 6, new NoProgress());
            lock.enter();
            assertEquals(7, memory.get(ValueLayout.JAVA_LONG, 128));
            lock.exit();
            assertEquals(0, memory.get(ValueLayout.JAVA_LONG, 128));
        }
    }

    private static final class NoProgress implements Progress {
        @Override
        public int poll() {
            return 0;
        }

        @Override
        public void await(Completion completion) {
            throw new AssertionError("waits");
        }

        @Override
        public void register(Progressible progressible) {
            throw new AssertionError("registers");
        }

        @Override
        public void wake() {
            throw new AssertionError("wakes");
        }
    }
}
