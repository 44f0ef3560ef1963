package org.isthmus.node.endpoint;

import org.isthmus.allocator.heap.DefaultLimits;
import org.isthmus.allocator.heap.HeapOptions;
import org.isthmus.node.config.Settings;
import org.isthmus.node.shm.RingDescriptor;
import org.isthmus.node.shm.ring.RingVariant;

/**
 * Settings of a rank's endpoint.
 *
 * @param ringBytes bytes of the ring of one directed pair
 * @param maxRings most rings that this rank sends through; further pairs use the receiver's mailbox
 * @param heap of this rank's message blocks
 * @param spins polls without an event before a waiting rank starts to yield its core
 * @param yields yields before it goes to sleep
 * @param ringVariant how the rings that this rank sends through work
 */
public record EndpointOptions(int ringBytes, int maxRings, HeapOptions heap, int spins, int yields,
        RingVariant ringVariant) {
    public EndpointOptions {
        if (ringBytes < RingDescriptor.MIN_BYTES || (ringBytes & 63) != 0) {
            throw new IllegalArgumentException("ringBytes is " + ringBytes + ", must be a multiple of 64 from "
                    + RingDescriptor.MIN_BYTES);
        }
    }

    /**
     * What the settings say.
     *
     * @param maxRings most rings that this one sends through
     * @param heap limits of its message blocks
     */
    public static EndpointOptions of(Settings settings, int maxRings, HeapOptions heap) {
        return new EndpointOptions(settings.get(Settings.RING_BYTES).intValue(), maxRings, heap,
                settings.get(Settings.SPINS), settings.get(Settings.YIELDS),
                RingVariant.of(settings.get(Settings.RING_VARIANT), settings.get(Settings.RING_STAMPING)));
    }

    /** With the default variant of rings, and a heap that owns at most so many bytes. */
    public EndpointOptions(int ringBytes, int maxRings, long blockPoolBytes, int spins, int yields) {
        this(ringBytes, maxRings, HeapOptions.of(DefaultLimits.snapshot()).withMostBytes(blockPoolBytes),
                spins, yields);
    }

    /** With the default variant of rings. */
    public EndpointOptions(int ringBytes, int maxRings, HeapOptions heap, int spins, int yields) {
        this(ringBytes, maxRings, heap, spins, yields, RingVariant.VALIDITY);
    }
}
