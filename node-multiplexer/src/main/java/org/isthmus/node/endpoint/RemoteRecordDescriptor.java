package org.isthmus.node.endpoint;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * What stands before the payload of each record between a rank and its node's multiplexer: who sends to whom. The
 * header word is that of the record, its payload length counts these bytes too.
 *
 * <pre>
 *   0  destination u32   rank in the job
 *   4  source      u32   rank in the job
 *   8  payload ...       as between ranks of one node
 * </pre>
 *
 * Records whose kind is from {@link #FIRST_BLOCK_KIND} to {@link #LAST_BLOCK_KIND} carry a block: their payload begins
 * as {@link BlockRecordDescriptor} says. The multiplexer sends the block's bytes along and frees it; the other side's
 * puts them into a block of its own node and corrects the word.
 */
public final class RemoteRecordDescriptor {
    public static final int FIRST_BLOCK_KIND = 2;
    public static final int LAST_BLOCK_KIND = 4;

    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("destination"), ValueLayout.JAVA_INT.withName("source"));
    public static final long DESTINATION_OFFSET = offset("destination");
    public static final long SOURCE_OFFSET = offset("source");
    public static final int BYTES = (int) LAYOUT.byteSize();

    private RemoteRecordDescriptor() {}

    public static boolean carriesBlock(int kind) {
        return kind >= FIRST_BLOCK_KIND && kind <= LAST_BLOCK_KIND;
    }

    private static long offset(String field) {
        return LAYOUT.byteOffset(MemoryLayout.PathElement.groupElement(field));
    }
}
