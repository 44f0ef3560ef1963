package org.isthmus.rdma.provider;

import java.io.IOException;
import org.isthmus.rdma.verbs.LibcNative;

/** Waiting for events of a channel, and waking who waits. One thread waits, any thread wakes. */
final class Waiting {
    private final int channelDescriptor;
    private final int wakeDescriptor;
    private int watched = -1;
    private Runnable onReadable;

    Waiting(int channelDescriptor) throws IOException {
        this.channelDescriptor = channelDescriptor;
        this.wakeDescriptor = LibcNative.eventDescriptor();
    }

    /** From now on a wait ends also when {@code descriptor} is readable, and calls that. The waiting thread. */
    void watch(int descriptor, Runnable newOnReadable) {
        watched = descriptor;
        onReadable = newOnReadable;
    }

    /**
     * Waits until the channel has an event.
     *
     * @param millis 0 looks once, a negative number waits without end
     * @return false when the time passed, {@link #wake} was called, or what is watched became readable first
     */
    boolean await(int millis) throws IOException {
        int ready = LibcNative.await(millis, channelDescriptor, wakeDescriptor, watched);
        if ((ready & 4) != 0) {
            onReadable.run();
        }
        if ((ready & 2) != 0) {
            LibcNative.clear(wakeDescriptor);
            return false;
        }
        return (ready & 1) != 0;
    }

    void wake() throws IOException {
        LibcNative.signal(wakeDescriptor);
    }

    void close() throws IOException {
        LibcNative.close(wakeDescriptor);
    }
}
