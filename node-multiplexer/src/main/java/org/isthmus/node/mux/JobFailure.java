package org.isthmus.node.mux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.CorruptRecordException;

/**
 * Why the job ends, as nodes tell each other.
 *
 * <pre>
 *   0              8              12             16
 *  +--------------+--------------+--------------+-----------------------------+
 *  | 0, addresses | rank u32     | exit code u32| text in UTF-8, to the end   |
 *  +--------------+--------------+--------------+-----------------------------+
 * </pre>
 *
 * @param rank who failed, -1 for a launcher, a node or a multiplexer
 * @param exitCode what the job should exit with, never 0
 * @param description one line or a stack trace; what is too long for one record is cut when it travels
 */
public record JobFailure(int rank, int exitCode, String description) {
    private static final int RANK_OFFSET = RemoteRecordDescriptor.BYTES;
    private static final int CODE_OFFSET = 12;
    private static final int TEXT_OFFSET = 16;
    private static final int MAX_TEXT = 2000;

    /** Addresses and payload of the record. */
    MemorySegment encode() {
        byte[] text = description.getBytes(StandardCharsets.UTF_8);
        byte[] sent = text.length <= MAX_TEXT ? text : Arrays.copyOf(text, MAX_TEXT);
        MemorySegment payload = MemorySegment.ofArray(new byte[TEXT_OFFSET + sent.length]);
        payload.set(RelayedRecord.INT, RANK_OFFSET, rank);
        payload.set(RelayedRecord.INT, CODE_OFFSET, exitCode);
        MemorySegment.copy(sent, 0, payload, ValueLayout.JAVA_BYTE, TEXT_OFFSET, sent.length);
        return payload;
    }

    static JobFailure decode(MemorySegment memory, long payload, int bytes) {
        if (bytes < TEXT_OFFSET) {
            throw new CorruptRecordException("failure of " + bytes + " bytes in a frame");
        }
        byte[] text = memory.asSlice(payload + TEXT_OFFSET, bytes - TEXT_OFFSET).toArray(ValueLayout.JAVA_BYTE);
        int exitCode = memory.get(RelayedRecord.INT, payload + CODE_OFFSET);
        return new JobFailure(memory.get(RelayedRecord.INT, payload + RANK_OFFSET), exitCode == 0 ? 1 : exitCode,
                new String(text, StandardCharsets.UTF_8));
    }
}
