package mpi;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.comm.Engine;
import org.isthmus.comm.datatype.Packer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.pt2pt.PointToPoint;
import org.isthmus.comm.pt2pt.TransferRequest;

/**
 * The buffer of buffered sends (MPI 3.1, section 3.6). A message lies in it, packed, until its send is complete, and
 * takes {@code BSEND_OVERHEAD} bytes more than its data. Used under the engine lock.
 */
final class BsendBuffer {
    /** Messages under way, in order of their place; place and size include the overhead. */
    private final List<Region> regions = new ArrayList<>();
    private byte[] buffer;

    private record Region(int start, int end, TransferRequest send) {}

    void attach(byte[] attached) {
        if (attached == null) {
            throw new CommException(ErrorClass.BUFFER, "the buffer is null; pass a byte[]");
        }
        if (buffer != null) {
            throw new CommException(ErrorClass.BUFFER,
                    "a buffer of " + buffer.length + " bytes is attached already: call detachBuffer() first");
        }
        buffer = attached;
    }

    /** Waits until all messages have left; null when no buffer is attached. */
    byte[] detach(Engine engine) {
        for (Region region : regions) {
            if (!region.send.isDone()) {
                engine.progress().await(region.send);
            }
        }
        regions.clear();
        byte[] detached = buffer;
        buffer = null;
        return detached;
    }

    void send(Engine engine, Communicator comm, Object base, long offset, int count, TypeMap type, int dest, int tag) {
        long bytes = count * type.size();
        int index = place(engine, bytes);
        int start = index == 0 ? 0 : regions.get(index - 1).end;
        Packer.pack(base, offset, count, type, 0, MemorySegment.ofArray(buffer), start, bytes);
        TransferRequest send = comm.pointToPoint().isend(comm, PointToPoint.Mode.STANDARD, buffer, start, (int) bytes,
                TypeMap.of(Primitive.PACKED), dest, tag);
        regions.add(index, new Region(start, start + (int) bytes + Constant.BSEND_OVERHEAD, send));
    }

    /** Index in the list of regions of a gap of this size. */
    private int place(Engine engine, long bytes) {
        int index = gap(bytes);
        if (index < 0) {
            engine.progress().poll();
            index = gap(bytes);
        }
        if (index < 0) {
            throw new CommException(ErrorClass.BUFFER, "a buffered send of " + bytes + " bytes needs "
                    + (bytes + Constant.BSEND_OVERHEAD) + " bytes (MPI.BSEND_OVERHEAD included) in one piece of the "
                    + (buffer == null ? "buffer, but none is attached: call MPI.attachBuffer"
                    : "attached buffer of " + buffer.length + ", where " + regions.size()
                    + " messages still lie: attach a larger one"));
        }
        return index;
    }

    private int gap(long bytes) {
        regions.removeIf(region -> region.send.isDone());
        long end = 0;
        for (int i = 0; i < regions.size(); i++) {
            if (regions.get(i).start - end >= bytes + Constant.BSEND_OVERHEAD) {
                return i;
            }
            end = regions.get(i).end;
        }
        return buffer != null && buffer.length - end >= bytes + Constant.BSEND_OVERHEAD ? regions.size() : -1;
    }
}
