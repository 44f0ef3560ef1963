package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;

import java.lang.foreign.StructLayout;

/**
 * {@code struct rdma_event_channel}: where the connection manager reports events.
 *
 * <pre>
 *   0  fd  u32  readable when an event waits
 *   4
 * </pre>
 */
public final class EventChannelDescriptor {
    public static final StructLayout LAYOUT = struct("rdma_event_channel", u32("fd"));
    public static final long FD_OFFSET = offset(LAYOUT, "fd");
    public static final long BYTES = LAYOUT.byteSize();

    private EventChannelDescriptor() {}
}
