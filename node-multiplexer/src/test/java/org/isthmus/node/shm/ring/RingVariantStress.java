package org.isthmus.node.shm.ring;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressMeta;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Records that are seen are whole and in order, in each variant, also where earlier laps left their words. */
public final class RingVariantStress {
    private RingVariantStress() {}

    /** What may be seen of two records. */
    @Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "Not published yet.")
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "The first.")
    @Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "Both.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Part of a record, or the second before the first.")
    public static final class Grading {
        private Grading() {}
    }

    private static void receiveTwo(StressedRing ring, II_Result r) {
        r.r1 = ring.receive();
        if (r.r1 != 0) {
            r.r2 = ring.receive();
        }
    }

    @JCStressTest
    @JCStressMeta(Grading.class)
    @State
    public static class Validity {
        private final StressedRing ring = new StressedRing(RingVariant.VALIDITY);

        @Actor
        public void produce() {
            ring.sendTwo();
        }

        @Actor
        public void consume(II_Result r) {
            receiveTwo(ring, r);
        }
    }

    @JCStressTest
    @JCStressMeta(Grading.class)
    @State
    public static class Batched {
        private final StressedRing ring = new StressedRing(RingVariant.BATCHED);

        @Actor
        public void produce() {
            ring.sendTwo();
        }

        @Actor
        public void consume(II_Result r) {
            receiveTwo(ring, r);
        }
    }

    @JCStressTest
    @JCStressMeta(Grading.class)
    @State
    public static class Immediate {
        private final StressedRing ring = new StressedRing(RingVariant.IMMEDIATE);

        @Actor
        public void produce() {
            ring.sendTwo();
        }

        @Actor
        public void consume(II_Result r) {
            receiveTwo(ring, r);
        }
    }

    @JCStressTest
    @JCStressMeta(Grading.class)
    @State
    public static class FastForward {
        private final StressedRing ring = new StressedRing(RingVariant.FASTFORWARD);

        @Actor
        public void produce() {
            ring.sendTwo();
        }

        @Actor
        public void consume(II_Result r) {
            receiveTwo(ring, r);
        }
    }

    @JCStressTest
    @JCStressMeta(Grading.class)
    @State
    public static class Lamport {
        private final StressedRing ring = new StressedRing(RingVariant.LAMPORT);

        @Actor
        public void produce() {
            ring.sendTwo();
        }

        @Actor
        public void consume(II_Result r) {
            receiveTwo(ring, r);
        }
    }

    @JCStressTest
    @JCStressMeta(Grading.class)
    @State
    public static class Adaptive {
        private final StressedRing ring = new StressedRing(RingVariant.ADAPTIVE);

        @Actor
        public void produce() {
            ring.sendTwo();
        }

        @Actor
        public void consume(II_Result r) {
            receiveTwo(ring, r);
        }
    }

    @JCStressTest
    @JCStressMeta(Grading.class)
    @State
    public static class Generation {
        private final StressedRing ring = new StressedRing(RingVariant.GENERATION);

        @Actor
        public void produce() {
            ring.sendTwo();
        }

        @Actor
        public void consume(II_Result r) {
            receiveTwo(ring, r);
        }
    }

    @JCStressTest
    @JCStressMeta(Grading.class)
    @State
    public static class Line {
        private final StressedRing ring = new StressedRing(RingVariant.LINE);

        @Actor
        public void produce() {
            ring.sendTwo();
        }

        @Actor
        public void consume(II_Result r) {
            receiveTwo(ring, r);
        }
    }
}
