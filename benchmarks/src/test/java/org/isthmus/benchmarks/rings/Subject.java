package org.isthmus.benchmarks.rings;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.isthmus.node.shm.ring.RingVariant;

/**
 * What is measured: a variant of ours or a rival.
 *
 * @param name as in the table
 * @param variant ours, or null
 */
record Subject(String name, RingVariant variant) {
    static final String RAW = "raw";
    static final String SEPARATE = "separate";
    static final String OFFSETS = "offsets";
    static final String SHARED = "shared";
    static final String AGRONA = "agrona";
    static final String JCTOOLS = "jctools";
    static final String DISRUPTOR = "disruptor";
    static final String AERON = "aeron";
    private static final List<String> OTHERS =
            List.of(RAW, SEPARATE, OFFSETS, SHARED, AGRONA, JCTOOLS, DISRUPTOR, AERON);
    private static final int SHARED_BYTES = 48;

    /** All, in the order of the table. */
    static List<Subject> all() {
        List<Subject> subjects = new ArrayList<>();
        for (RingVariant variant : RingVariant.values()) {
            subjects.add(new Subject(variant.name().toLowerCase(Locale.ROOT), variant));
        }
        OTHERS.forEach(name -> subjects.add(new Subject(name, null)));
        return subjects;
    }

    static Subject of(String name) {
        return all().stream().filter(subject -> subject.name.equals(name)).findAny().orElseThrow(
                () -> new IllegalArgumentException("there is no subject " + name + "; there are "
                        + String.join(", ", all().stream().map(Subject::name).toList())));
    }

    /** Whether it can carry such records, so many at once, between threads or processes. */
    boolean carries(boolean processes, int depth, int bytes) {
        return switch (name) {
            case RAW -> depth == 1 && bytes == Long.BYTES;
            case OFFSETS -> !processes && bytes == Long.BYTES;
            case SHARED -> bytes <= SHARED_BYTES;
            case JCTOOLS, DISRUPTOR -> !processes;
            case AERON -> processes;
            default -> true;
        };
    }
}
