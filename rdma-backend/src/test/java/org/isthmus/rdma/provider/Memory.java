package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvSge;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/** Registered memory of a test. */
final class Memory implements AutoCloseable {
    static final int ALL = IbvMr.IBV_ACCESS_LOCAL_WRITE | IbvMr.IBV_ACCESS_REMOTE_WRITE | IbvMr.IBV_ACCESS_REMOTE_READ
            | IbvMr.IBV_ACCESS_REMOTE_ATOMIC;

    final ByteBuffer buffer;
    final IbvMr region;
    private final MemorySegment segment;

    Memory(IbvPd pd, int bytes, int access) throws IOException {
        buffer = ByteBuffer.allocateDirect(bytes + 8);
        segment = MemorySegment.ofBuffer(buffer);
        region = pd.regMr(buffer, access).execute().free().getMr();
    }

    /** Address of a byte; offset 0 is a multiple of 8. */
    long address(long offset) {
        return (region.getAddr() + 7 & -8) + offset;
    }

    private long at(long offset) {
        return address(offset) - region.getAddr();
    }

    IbvSge piece(int offset, int length) {
        IbvSge piece = new IbvSge();
        piece.setAddr(address(offset));
        piece.setLength(length);
        piece.setLkey(region.getLkey());
        return piece;
    }

    Memory put(int offset, String text) {
        MemorySegment.copy(text.getBytes(), 0, segment, ValueLayout.JAVA_BYTE, at(offset), text.length());
        return this;
    }

    String text(int offset, int length) {
        return new String(segment.asSlice(at(offset), length).toArray(ValueLayout.JAVA_BYTE));
    }

    void putLong(int offset, long value) {
        segment.set(ValueLayout.JAVA_LONG, at(offset), value);
    }

    long getLong(int offset) {
        return segment.get(ValueLayout.JAVA_LONG, at(offset));
    }

    @Override
    public void close() throws IOException {
        region.deregMr().execute().free();
    }
}
