package org.isthmus.comm.group;

/** Told of the communicators of this process as they come and go, under the engine lock. */
public interface CommunicatorWatcher {
    /** Nobody wants to know. */
    CommunicatorWatcher NONE = new CommunicatorWatcher() {
        @Override
        public void onMade(Communicator communicator) {}

        @Override
        public void onFreed(Communicator communicator) {}
    };

    /** {@code communicator} has its context and is about to be used. */
    void onMade(Communicator communicator);

    /** {@code communicator} is being freed; its context is about to be given back. */
    void onFreed(Communicator communicator);
}
