package org.isthmus.comm.rma;

import java.lang.foreign.MemorySegment;
import org.isthmus.allocator.segment.SharedWords;
import org.isthmus.comm.progress.Progress;

/**
 * Makes accumulates atomic that no single instruction does: one lock for the memory of one member of a window.
 *
 * <p>Invariants: (1) the word is 0 or 1 + the rank of its holder; (2) who holds it waits for nothing, so it is held for
 * a bounded time; (3) an element is changed either always under the lock or always by atomic instructions: which of
 * them follows from its datatype and address alone ({@code AtomicReduction.handles}).
 *
 * <p>Any thread; not reentrant.
 */
final class ElementLock {
    private static final int LOOKS = 100;

    private final SharedWords words;
    private final long word;
    private final long owner;
    private final Progress progress;

    /** @param rank of this process in the window */
    ElementLock(MemorySegment memory, long word, int rank, Progress progress) {
        this.words = new SharedWords(memory);
        this.word = word;
        this.owner = rank + 1L;
        this.progress = progress;
    }

    void enter() {
        int looks = 0;
        while (!words.compareAndSet(word, 0L, owner)) { // SYNC(win.elements)
            if (++looks < LOOKS) {
                Thread.onSpinWait();
            } else {
                progress.checkJob();
                Thread.yield();
                looks = 0;
            }
        }
    }

    void exit() {
        words.setRelease(word, 0L); // SYNC(win.elements)
    }
}
