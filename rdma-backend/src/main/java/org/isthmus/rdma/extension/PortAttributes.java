package org.isthmus.rdma.extension;

import java.util.List;

/**
 * A port of a device.
 *
 * @param number from 1
 * @param active whether its link is up
 * @param activeMtu bytes: 256 to 4096
 * @param lid local identifier; 0 with Ethernet
 * @param ethernet whether its link layer is Ethernet, so that it speaks RoCE
 * @param gids its addresses in the order of the table, without empty entries
 */
public record PortAttributes(int number, boolean active, int activeMtu, int lid, boolean ethernet, List<Gid> gids) {
    public PortAttributes {
        gids = List.copyOf(gids);
    }

    /**
     * An entry of the table of GIDs.
     *
     * @param index in the table
     * @param address as an IPv6 address is written
     * @param type "IB/RoCE v1" or "RoCE v2", as the kernel says; empty if it does not
     */
    public record Gid(int index, String address, String type) {}
}
