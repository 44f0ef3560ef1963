package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvSge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.isthmus.rdma.verbs.ScatterGatherDescriptor;

/** What lists of send and of receive requests have in common: pieces of memory behind the requests. */
final class Requests {
    static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG;
    static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT;
    /** Immediate data. */
    static final ValueLayout.OfInt LITTLE_ENDIAN_INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Requests() {}

    static void writePieces(MemorySegment memory, long at, List<IbvSge> pieces) {
        long offset = at;
        for (IbvSge piece : pieces) {
            memory.set(U64, offset + ScatterGatherDescriptor.ADDR_OFFSET, piece.getAddr());
            memory.set(U32, offset + ScatterGatherDescriptor.LENGTH_OFFSET, piece.getLength());
            memory.set(U32, offset + ScatterGatherDescriptor.LKEY_OFFSET, piece.getLkey());
            offset += ScatterGatherDescriptor.BYTES;
        }
    }
}
