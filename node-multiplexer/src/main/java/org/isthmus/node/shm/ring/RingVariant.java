package org.isthmus.node.shm.ring;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.isthmus.node.shm.RecordDescriptor;
import org.isthmus.node.shm.RingConsumer;
import org.isthmus.node.shm.RingDescriptor;
import org.isthmus.node.shm.RingProducer;

/**
 * How the records of a ring become visible and how their space comes back. The page {@code docs/design/rings.md} draws
 * and compares them. Immutable; the ends of one ring must be of the same variant.
 *
 * <p>Each variant's classes are loaded only when it is used, so that in a job with one variant every call of a ring's
 * end has one target.
 */
public enum RingVariant {
    /** A header word other than 0; the producer keeps the word behind at 0. */
    VALIDITY,
    /** A published index, stored by flush. */
    BATCHED,
    /** A published index, stored by each publish. */
    IMMEDIATE,
    /** Whole cache lines, zeroed by the consumer; no index. */
    FASTFORWARD,
    /** A published index, stored by flush, and a consumer's index written back after each batch. */
    LAMPORT,
    /** First record after a flush stamped with its generation, the others found by a published index. */
    ADAPTIVE,
    /** Each record stamped with its generation. */
    GENERATION,
    /** Each cache line of records stamped with its number. */
    LINE;

    /** Words of setting isthmus.ring.variant. */
    public static final List<String> NAMES =
            List.of("validity", "batched", "immediate", "fastforward", "lamport", "generation");
    /** Words of setting isthmus.ring.stamping, which divides variant generation. */
    public static final List<String> STAMPINGS = List.of("first", "record", "line");

    /** The variant of a word of {@link #NAMES} and, for {@code generation}, one of {@link #STAMPINGS}. */
    public static RingVariant of(String name, String stamping) {
        if (!NAMES.contains(name) || !STAMPINGS.contains(stamping)) {
            throw new IllegalArgumentException("ring variant is \"" + name + "\" and stamping \"" + stamping
                    + "\"; one of " + NAMES + " and one of " + STAMPINGS + " are needed");
        }
        if (!name.equals("generation")) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }
        return switch (stamping) {
            case "first" -> ADAPTIVE;
            case "line" -> LINE;
            default -> GENERATION;
        };
    }

    /** The variant of an {@link #ordinal} that came out of shared memory; null if there is none. */
    public static RingVariant ofOrdinal(long ordinal) {
        return Arrays.stream(values()).filter(variant -> variant.ordinal() == ordinal).findAny().orElse(null);
    }

    /**
     * The sending end. A ring of {@code ringBytes} = 64 has grants alone.
     *
     * @param ring offset in {@code memory}, a multiple of 64, of a zeroed ring
     * @param ringBytes a multiple of 64
     */
    public RingProducer producer(MemorySegment memory, long ring, int ringBytes) {
        return switch (this) {
            case VALIDITY -> ValidityProducer.of(memory, ring, ringBytes);
            case BATCHED, LAMPORT -> BatchedProducer.batched(memory, ring, ringBytes);
            case IMMEDIATE -> BatchedProducer.immediate(memory, ring, ringBytes);
            case FASTFORWARD -> FastForwardProducer.of(memory, ring, ringBytes);
            case ADAPTIVE -> AdaptiveProducer.of(memory, ring, ringBytes);
            case GENERATION -> GenerationProducer.of(memory, ring, ringBytes);
            case LINE -> LineProducer.of(memory, ring, ringBytes);
        };
    }

    /** The receiving end of a ring of the same place and size. */
    public RingConsumer consumer(MemorySegment memory, long ring, int ringBytes) {
        return switch (this) {
            case VALIDITY -> ValidityConsumer.of(memory, ring, ringBytes);
            case BATCHED, IMMEDIATE -> BatchedConsumer.batched(memory, ring, ringBytes);
            case LAMPORT -> BatchedConsumer.lamport(memory, ring, ringBytes);
            case FASTFORWARD -> FastForwardConsumer.of(memory, ring, ringBytes);
            case ADAPTIVE -> AdaptiveConsumer.of(memory, ring, ringBytes);
            case GENERATION -> GenerationConsumer.of(memory, ring, ringBytes);
            case LINE -> LineConsumer.of(memory, ring, ringBytes);
        };
    }

    /** Bytes of records in a ring of {@code ringBytes}. */
    public int capacity(int ringBytes) {
        return ringBytes - (int) switch (this) {
            case BATCHED, IMMEDIATE, LAMPORT, ADAPTIVE -> RingDescriptor.INDEXED_RECORDS_OFFSET;
            default -> RingDescriptor.RECORDS_OFFSET;
        };
    }

    /**
     * Largest payload that a producer with an idle consumer always finds room for, wherever in the ring it stands: a
     * record and the padding before it fit beside the bytes that the consumer has read without having told.
     */
    public int maxPayload(int ringBytes) {
        int capacity = capacity(ringBytes);
        int credit = RingDescriptor.creditBatch(capacity);
        int largest = switch (this) {
            case FASTFORWARD -> capacity / LineStamp.LINE / 2 * LineStamp.LINE - RecordDescriptor.HEADER_BYTES;
            case LINE -> (capacity - credit - LineStamp.LINE) / (2 * LineStamp.LINE) * LineStamp.LINE - LineStamp.BYTES
                    - RecordDescriptor.HEADER_BYTES;
            default -> ((capacity - credit + RecordDescriptor.ALIGNMENT) / 2 & -RecordDescriptor.ALIGNMENT)
                    - RecordDescriptor.HEADER_BYTES;
        };
        return Math.min(RecordDescriptor.MAX_PAYLOAD, largest);
    }
}
