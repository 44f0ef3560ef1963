package org.isthmus.allocator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SizeHistogramTest {
    @Test
    void everySizeLiesInTheBucketThatEndsAtOrAboveIt() {
        int last = -1;
        for (int bytes = 1; bytes < 1 << 20; bytes++) {
            int bucket = SizeHistogram.bucket(bytes);
            assertTrue(bucket == last || bucket == last + 1, "bytes " + bytes);
            assertTrue(bytes <= SizeHistogram.upperBytes(bucket), "bytes " + bytes);
            assertTrue(bucket == 0 || bytes > SizeHistogram.upperBytes(bucket - 1), "bytes " + bytes);
            last = bucket;
        }
        assertEquals(SizeHistogram.MAX_BYTES, SizeHistogram.upperBytes(SizeHistogram.bucket(SizeHistogram.MAX_BYTES)));
        assertThrows(IllegalArgumentException.class, () -> new SizeHistogram().add(0));
    }

    @Test
    void distanceIsZeroForTheSameMixAndOneForAnother() {
        SizeHistogram a = new SizeHistogram();
        SizeHistogram b = new SizeHistogram();
        a.add(100, 10);
        a.add(5000, 30);
        b.add(100, 100);
        b.add(5000, 300);
        assertEquals(0, a.distance(b), 1e-12);
        SizeHistogram c = new SizeHistogram();
        c.add(70_000);
        assertEquals(1, a.distance(c), 1e-12);
        SizeHistogram copy = c.copy();
        c.clear();
        assertEquals(0, a.distance(c));
        assertEquals(1, copy.total());
    }

    @Test
    void aPeakBetweenClassesIsProposedAndOneOnAClassIsNot() {
        SizeHistogram requests = new SizeHistogram();
        requests.add(12 << 10, 400);
        requests.add(8 << 10, 500);
        requests.add(200, 100);
        List<ClassProposals.Proposal> proposals = ClassProposals.of(requests, new int[] {256, 2048, 8 << 10, 16 << 10});
        assertEquals(List.of(new ClassProposals.Proposal(12 << 10, 16 << 10, 0.4)), proposals);
        assertEquals(0.4 * 4096, proposals.getFirst().savedBytes(), 1e-9);
    }

    @Test
    void atMostTwoProposalsTheMostUsefulFirst() {
        SizeHistogram requests = new SizeHistogram();
        requests.add(300, 300);
        requests.add(1100, 300);
        requests.add(4200, 300);
        requests.add(20_000, 1);
        List<ClassProposals.Proposal> proposals = ClassProposals.of(requests, new int[] {512, 2048, 8192, 65536});
        assertEquals(List.of(4224L, 1152L), proposals.stream().map(ClassProposals.Proposal::bytes).toList());
        assertEquals(List.of(), ClassProposals.of(new SizeHistogram(), new int[] {512}));
    }
}
