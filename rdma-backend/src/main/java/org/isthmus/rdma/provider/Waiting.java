package org.isthmus.rdma.provider;

import java.io.IOException;
import org.isthmus.rdma.verbs.LibcNative;

/** Waiting for events of a channel, and waking who waits. One thread waits, any thread wakes. */
final class Waiting {
    private final int channelDescriptor;
    private final int wakeDescriptor;

    Waiting(int channelDescriptor) throws IOException {
        this.channelDescriptor = channelDescriptor;
        this.wakeDescriptor = LibcNative.eventDescriptor();
    }

    /**
     * Waits until the channel has an event.
     *
     * @param millis 0 looks once, a negative number waits without end
     * @return false when the time passed or {@link #wake} was called first
     */
    boolean await(int millis) throws IOException {
        int ready = LibcNative.await(channelDescriptor, wakeDescriptor, millis);
        if ((ready & 2) != 0) {
            LibcNative.clear(wakeDescriptor);
            return false;
        }
        return ready != 0;
    }

    void wake() throws IOException {
        LibcNative.signal(wakeDescriptor);
    }

    void close() throws IOException {
        LibcNative.close(wakeDescriptor);
    }
}
