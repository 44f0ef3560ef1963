package org.isthmus.rdma.verbs;

import static org.isthmus.rdma.verbs.StructLayouts.gap;
import static org.isthmus.rdma.verbs.StructLayouts.offset;
import static org.isthmus.rdma.verbs.StructLayouts.struct;
import static org.isthmus.rdma.verbs.StructLayouts.u32;
import static org.isthmus.rdma.verbs.StructLayouts.u64;

import java.lang.foreign.StructLayout;

/**
 * {@code struct ibv_pd}: a protection domain of the library.
 *
 * <pre>
 *   0  context  pointer to {@link ContextDescriptor}
 *   8  handle   u32
 *  16
 * </pre>
 */
public final class ProtectionDomainDescriptor {
    public static final StructLayout LAYOUT = struct("ibv_pd", u64("context"), u32("handle"), gap(4));
    public static final long HANDLE_OFFSET = offset(LAYOUT, "handle");
    public static final long BYTES = LAYOUT.byteSize();

    private ProtectionDomainDescriptor() {}
}
