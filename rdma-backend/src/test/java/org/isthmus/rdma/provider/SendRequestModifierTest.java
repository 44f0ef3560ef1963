package org.isthmus.rdma.provider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.isthmus.rdma.verbs.SendRequestDescriptor;
import org.junit.jupiter.api.Test;

/** Bytes of a request, as the driver reads them on a little-endian host; a second request before it must not change. */
class SendRequestModifierTest {
    private static final long AT = SendRequestDescriptor.BYTES;
    private static final long PIECES_AT = 2 * SendRequestDescriptor.BYTES;

    private final MemorySegment memory = MemorySegment.ofArray(new long[(int) (PIECES_AT + 2 * 16) / 8]);
    private final SendRequestModifier modifier = new SendRequestModifier(memory, AT, PIECES_AT, 2);

    @Test
    void fieldsLieWhereTheStructHasThem() {
        modifier.setWr_id(0x1122334455667788L);
        modifier.setOpcode(3);
        modifier.setSend_flags(2);
        modifier.setImmediate(0x01020304);
        modifier.setRemote_addr(0x7fff00001000L);
        modifier.setRkey(0xcafe);
        assertArrayEquals(new byte[] {(byte) 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11}, bytes(AT, 8));
        assertArrayEquals(new byte[] {3, 0, 0, 0, 2, 0, 0, 0, 4, 3, 2, 1, 0, 0x10, 0, 0,
            (byte) 0xff, 0x7f, 0, 0, (byte) 0xfe, (byte) 0xca, 0, 0}, bytes(AT + 28, 24));
        assertArrayEquals(new byte[(int) AT], bytes(0, AT));
        assertEquals(0x1122334455667788L, modifier.getWr_id());
        assertEquals(0x7fff00001000L, modifier.getRdmaMod().getRemote_addr());
        assertEquals(0xcafe, modifier.getRdmaMod().getRkey());
    }

    @Test
    void atomicOperandsLieBehindTheAddress() {
        modifier.setAtomic(0x10, 0x50, 0x20, 0x30);
        assertArrayEquals(new byte[] {0x10, 0, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0, 0, 0,
            0x30, 0, 0, 0, 0, 0, 0, 0, 0x50, 0, 0, 0}, bytes(AT + 40, 28));
    }

    @Test
    void eachPieceHasItsPlace() {
        modifier.getSgeMod(1).setAddr(0x1234);
        modifier.getSgeMod(1).setLength(5);
        modifier.getSgeMod(1).setLkey(6);
        assertArrayEquals(new byte[16], bytes(PIECES_AT, 16));
        assertArrayEquals(new byte[] {0x34, 0x12, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 6, 0, 0, 0}, bytes(PIECES_AT + 16, 16));
    }

    private byte[] bytes(long at, long count) {
        return memory.asSlice(at, count).toArray(ValueLayout.JAVA_BYTE);
    }
}
