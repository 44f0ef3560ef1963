package org.isthmus.allocator.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.isthmus.allocator.slab.Handle;
import org.isthmus.allocator.slab.SizeClasses;
import org.isthmus.allocator.slab.SlabDescriptor;
import org.junit.jupiter.api.Test;

/** Every offset as its diagram says. */
class HeapLayoutTest {
    @Test
    void header() {
        assertEquals(4096, HeaderDescriptor.BYTES);
        assertEquals(0, HeaderDescriptor.MAGIC_OFFSET);
        assertEquals(8, HeaderDescriptor.VERSION_OFFSET);
        assertEquals(12, HeaderDescriptor.HEAPS_OFFSET);
        assertEquals(16, HeaderDescriptor.SUPERPAGES_OFFSET);
        assertEquals(64, HeaderDescriptor.SWEEP_EPOCH_OFFSET);
        assertEquals(128, HeaderDescriptor.LEASE_OFFSET);
    }

    @Test
    void heap() {
        assertEquals(704, HeapDescriptor.BYTES);
        assertEquals(0, HeapDescriptor.CONTROL_OFFSET);
        assertEquals(64, HeapDescriptor.TOP_OFFSET);
        assertEquals(128, HeapDescriptor.MIDDLE_OFFSET);
        long control = HeapDescriptor.nextLife(0x500 | HeapDescriptor.REAPED);
        assertEquals(0x601, control);
        assertEquals(HeapDescriptor.ALIVE, HeapDescriptor.status(control));
        assertEquals(6, HeapDescriptor.generation(control));
        assertEquals(0x602, HeapDescriptor.withStatus(control, HeapDescriptor.DEAD));
    }

    @Test
    void superpage() {
        assertEquals(64, SuperpageDescriptor.BYTES);
        assertEquals(0, SuperpageDescriptor.OWNER_OFFSET);
        assertEquals(8, SuperpageDescriptor.DATA_PAGES_OFFSET);
        assertEquals(12, SuperpageDescriptor.STATE_PAGES_OFFSET);
        assertEquals(16, SuperpageDescriptor.SLAB_PAGE_OFFSET);
        long owner = SuperpageDescriptor.next(0x5_0000_0000_00L, SuperpageDescriptor.RUN, 0xabcd, 0x1234);
        assertEquals(0x6_1234_02_abcdL, owner);
        assertEquals(0x1234, SuperpageDescriptor.runLength(owner));
        assertEquals(SuperpageDescriptor.RUN, SuperpageDescriptor.kind(owner));
        assertEquals(0xabcd, SuperpageDescriptor.heap(owner));
    }

    @Test
    void slab() {
        assertEquals(192, SlabDescriptor.BYTES);
        assertEquals(8192, SlabDescriptor.SUPERPAGE_BYTES);
        assertEquals(0, SlabDescriptor.CLASS_OFFSET);
        assertEquals(64, SlabDescriptor.PENDING_OFFSET);
        assertEquals(6144, SlabDescriptor.PENDING_SLICES_OFFSET);
    }

    @Test
    void area() {
        HeapLayout layout = new HeapLayout(8192, 3, 100);
        assertEquals(8192 + 4096, layout.heapsOffset);
        assertEquals(layout.heapsOffset + 3 * 704, layout.freeOffset);
        assertEquals(2, layout.freeWords());
        assertEquals(layout.freeOffset + 64, layout.superpagesOffset);
        assertEquals(24576, layout.slabsOffset);
        assertEquals(24576 + 100 * 8192, layout.statesOffset);
        assertEquals(0, layout.dataOffset % (2 << 20));
        assertTrue(layout.dataOffset >= layout.statesOffset + 100 * 32 * 4096);
        assertEquals(layout.dataOffset + 100L * (2 << 20), layout.end);
        assertEquals(layout.statesOffset + (5 * 32 + 3) * 4096, layout.statePage(5, 3));
        assertEquals(layout.slabsOffset + 5 * 8192 + 3 * 192, layout.slab(5, 3));
        assertEquals(layout.slabsOffset + 5 * 8192 + 6144, layout.pendingSlices(5));
    }

    @Test
    void wordsAndBytesOfBlocks() {
        HeapLayout layout = new HeapLayout(0, 1, 100);
        for (int bytes : new int[] {64, 1024, 4160}) {
            long handle = Handle.of(Handle.id(5, 8, 7), SizeClasses.of(bytes), 77 << 20);
            assertEquals(layout.statePage(5, 8) + 7 * 4, layout.state(Handle.id(handle)));
            assertEquals(layout.state(Handle.id(handle)), layout.statesOffset + HeapLayout.stateOf(handle));
            assertEquals(layout.slice(5, 8) + 7L * bytes, layout.block(handle));
        }
        for (int c = 0; c <= SizeClasses.BIG; c++) {
            int last = Handle.id(5, 0, SizeClasses.capacity(c) - 1);
            assertTrue(layout.state(last) < layout.statePage(5, 1), "class " + c);
            long end = layout.block(Handle.of(last, c, 0)) + SizeClasses.bytes(c);
            assertTrue(end <= layout.slice(5, 0) + SizeClasses.slices(c) * 65536L, "class " + c);
        }
        assertEquals(layout.slice(5, 0), layout.block(Handle.of(Handle.id(5, 0, 0), SizeClasses.BIG, 0)));
    }

    @Test
    void asManySuperpagesAsFit() {
        for (long bytes : new long[] {0, 4 << 20, 100 << 20, 5L << 30}) {
            int n = HeapLayout.superpagesWithin(4096, 8, bytes);
            assertTrue(n == 0 || new HeapLayout(4096, 8, n).end - 4096 <= bytes);
            assertTrue(new HeapLayout(4096, 8, n + 1).end - 4096 > bytes);
        }
    }
}
