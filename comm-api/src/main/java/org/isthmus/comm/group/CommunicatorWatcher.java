package org.isthmus.comm.group;

/** Told of the communicators of this process as they come and go, under the engine lock. */
@FunctionalInterface
public interface CommunicatorWatcher {
    /** {@code communicator} has its context and is about to be used. */
    default void onMade(Communicator communicator) {}

    /** {@code communicator} is being freed; its context is about to be given back. */
    void onFreed(Communicator communicator);
}
