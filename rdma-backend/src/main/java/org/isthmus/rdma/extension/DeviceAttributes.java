package org.isthmus.rdma.extension;

import java.util.List;

/**
 * A device and its limits, as {@code ibv_query_device} gives them.
 *
 * @param name of the kernel, such as {@code mlx5_0}
 * @param guid of the node, 8 bytes
 * @param maxQp queue pairs
 * @param maxQpWr work requests of one queue
 * @param maxSge pieces of memory of one work request
 * @param maxCqe completions of one queue
 * @param maxMr registrations
 * @param maxMrSize bytes of one registration
 * @param maxSrqWr receives of one shared queue; 0 if it has none
 * @param maxReads reads and atomics that a queue pair answers at a time
 * @param atomics whether it has atomic operations
 * @param globalAtomics whether these are atomic with the instructions of processors too (IBV_ATOMIC_GLOB), not only
 *     with each other
 * @param ports its ports, the first has number 1
 */
public record DeviceAttributes(String name, long guid, int maxQp, int maxQpWr, int maxSge, int maxCqe, int maxMr,
        long maxMrSize, int maxSrqWr, int maxReads, boolean atomics, boolean globalAtomics,
        List<PortAttributes> ports) {
    public DeviceAttributes {
        ports = List.copyOf(ports);
    }
}
