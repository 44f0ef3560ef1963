package org.isthmus.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LibcNativeTest {
    private int first;
    private int second;

    @BeforeEach
    void open() throws VerbsException {
        first = LibcNative.eventDescriptor();
        second = LibcNative.eventDescriptor();
    }

    @AfterEach
    void close() throws VerbsException {
        LibcNative.close(first);
        LibcNative.close(second);
    }

    @Test
    void awaitEndsAfterItsTime() throws VerbsException {
        assertEquals(0, LibcNative.await(0, first, second));
        assertEquals(0, LibcNative.await(20, first, second));
    }

    @Test
    void awaitSaysWhichIsReadable() throws VerbsException {
        LibcNative.signal(second);
        assertEquals(2, LibcNative.await(-1, first, second));
        LibcNative.signal(first);
        assertEquals(3, LibcNative.await(-1, first, second));
        LibcNative.clear(second);
        assertEquals(1, LibcNative.await(-1, first, second));
    }

    @Test
    void signalEndsAnAwait() throws Exception {
        Thread signaller = new Thread(() -> {
            try {
                Thread.sleep(20);
                LibcNative.signal(first);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        signaller.start();
        assertEquals(1, LibcNative.await(-1, first, second));
        signaller.join();
    }

    @Test
    void clearOfNothingFails() {
        assertEquals(11, assertThrows(VerbsException.class, () -> LibcNative.clear(first)).errno());
    }

    @Test
    void affinityCanBeNarrowed() throws Exception {
        Thread other = new Thread(() -> {
            try {
                long all = LibcNative.affinity();
                long one = Long.lowestOneBit(all);
                LibcNative.setAffinity(one);
                assertEquals(one, LibcNative.affinity());
            } catch (VerbsException e) {
                throw new IllegalStateException(e);
            }
        });
        Throwable[] failure = new Throwable[1];
        other.setUncaughtExceptionHandler((thread, cause) -> failure[0] = cause);
        other.start();
        other.join();
        assertEquals(null, failure[0]);
    }

    @Test
    void errorsHaveTexts() {
        assertTrue(LibcNative.errorText(12).contains("memory"), LibcNative.errorText(12));
    }
}
