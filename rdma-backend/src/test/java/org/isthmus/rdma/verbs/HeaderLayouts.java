package org.isthmus.rdma.verbs;

import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.UnionLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** All descriptors, and their fields as C names them. */
final class HeaderLayouts {
    static final List<StructLayout> ALL = List.of(ScatterGatherDescriptor.LAYOUT, SendRequestDescriptor.LAYOUT,
            ReceiveRequestDescriptor.LAYOUT, CompletionDescriptor.LAYOUT, ContextDescriptor.LAYOUT,
            QueuePairDescriptor.LAYOUT, CompletionQueueDescriptor.LAYOUT, CompletionChannelDescriptor.LAYOUT,
            ProtectionDomainDescriptor.LAYOUT, MemoryRegionDescriptor.LAYOUT, QueuePairRequestDescriptor.LAYOUT,
            QueuePairAttributesDescriptor.LAYOUT, SharedReceiveQueueRequestDescriptor.LAYOUT,
            DeviceAttributesDescriptor.LAYOUT, PortAttributesDescriptor.LAYOUT, CmIdDescriptor.LAYOUT,
            CmEventDescriptor.LAYOUT, ConnectionParametersDescriptor.LAYOUT, EventChannelDescriptor.LAYOUT,
            SocketAddressDescriptor.LAYOUT);
    /** Of these the library owns the end, and the descriptor stops before it. */
    static final Set<String> BEGINNINGS = Set.of("ibv_context", "ibv_qp", "ibv_cq");

    /** @param path C name, with dots */
    record Field(String struct, String path, long offset, long bytes) {}

    private HeaderLayouts() {}

    static List<Field> fields(StructLayout layout) {
        List<Field> fields = new ArrayList<>();
        collect(layout.name().orElseThrow(), layout, "", 0, fields);
        return fields;
    }

    private static void collect(String struct, GroupLayout group, String prefix, long base, List<Field> fields) {
        long offset = base;
        for (MemoryLayout member : group.memberLayouts()) {
            if (!(member instanceof PaddingLayout)) {
                String path = prefix + member.name().orElseThrow();
                if (member instanceof GroupLayout inner) {
                    collect(struct, inner, path + ".", offset, fields);
                } else {
                    fields.add(new Field(struct, path, offset, member.byteSize()));
                }
            }
            offset += group instanceof UnionLayout ? 0 : member.byteSize();
        }
    }
}
