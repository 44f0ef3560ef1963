package org.isthmus.comm.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.BitSet;
import java.util.Random;
import org.isthmus.comm.datatype.BlockSequence;
import org.isthmus.comm.datatype.DerivedTypes;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoverageTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 64})
    void runsAreWhatWasAdded(int grain) {
        TypeMap unit = DerivedTypes.contiguous(grain, TypeMap.of(Primitive.BYTE));
        Random random = new Random(grain);
        for (int round = 0; round < 50; round++) {
            int start = 10 * grain;
            int grains = 1 + random.nextInt(400);
            BitSet expected = new BitSet();
            Coverage coverage = new Coverage(start, (long) grains * grain, grain);
            for (int i = 0; i < 3; i++) {
                int stride = 1 + random.nextInt(9);
                int block = 1 + random.nextInt(stride);
                int first = random.nextInt(grains);
                BlockSequence blocks = new BlockSequence(start + (long) first * grain,
                        DerivedTypes.resized(DerivedTypes.contiguous(block, unit), 0, stride * grain));
                long bytes = blocks.positionBelow(start + (long) grains * grain);
                coverage.add(blocks, 0, bytes);
                for (long at = 0; at < bytes; at += grain) {
                    expected.set((int) (blocks.offsetOf(at) - start) / grain);
                }
            }
            BitSet found = new BitSet();
            coverage.runs((from, to) -> {
                assertEquals(false, from > 0 && found.get((int) (from / grain) - 1), "runs do not touch");
                found.set((int) (from / grain), (int) (to / grain));
            });
            assertEquals(expected, found);
        }
    }
}
