package org.isthmus.node.spi;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;

/**
 * One shard's end of a backend: its listening addresses and all its channels.
 *
 * <p>Assumptions (callers must): one thread, the owner, calls everything except {@link #wakeup}. Guarantees (we give):
 * no method blocks but {@link #await}; connecting, accepting and hellos happen elsewhere and show up in {@link #poll}.
 * One channel for each pair of endpoints, whoever began it.
 */
public interface Endpoint extends AutoCloseable {
    /** Where others reach this endpoint; published through wire-up. */
    EndpointAddress address();

    Capabilities capabilities();

    /** What its channels count; by default nothing. */
    default BackendCounters counters() {
        return new BackendCounters("", List.of());
    }

    /**
     * Makes memory usable for tries: pinned and registered once where the device wants that. {@code memory} is off-heap
     * and outlives the region; offsets count from its start.
     *
     * @throws IllegalArgumentException if it lies on the heap
     */
    MemoryRegion register(MemorySegment memory);

    /**
     * The channel to {@code node}, begun now if there is none; at most one for each node. The handler's
     * {@code onConnected} or {@code onClosed} tells how it went, within the time of the settings.
     */
    Channel connect(int node, EndpointAddress address);

    /**
     * Moves accepted operations on, and hands at most about {@code limit} events to the handler.
     *
     * @return how much was done; 0 if there was nothing to do
     */
    int poll(int limit);

    /**
     * Sleeps until something may have arrived, {@link #wakeup} is called, or {@code nanos} are over. Without
     * {@link Capabilities#events} it returns at once.
     */
    void await(long nanos);

    /**
     * From now on {@link #await} ends also when {@code channel} can be read; whatever is in it is read and dropped.
     *
     * @param channel in non-blocking mode
     * @param descriptor its number among this process's open files; -1 if that is not known
     * @return false if this endpoint cannot do that: the owner has to call {@link #wakeup} itself
     */
    default <C extends SelectableChannel & ReadableByteChannel> boolean watch(C channel, int descriptor) {
        return false;
    }

    /** Ends a running or the next {@link #await}. Any thread. */
    void wakeup();

    /** Ends at once and says nothing to the peers, whose channels fail: for aborts, and for tests of a dead process. */
    void abort();

    /**
     * Closes all channels in order as far as they can within the time of the settings, polling meanwhile, then ends.
     * From then on {@link #poll} does nothing.
     */
    @Override
    void close();
}
