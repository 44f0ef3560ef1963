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
 * Where buffered sends keep their messages (MPI 3.1, section 3.6). A message lies packed in the attached buffer until
 * its send is complete, and takes {@code BSEND_OVERHEAD} bytes more than its data. One of at most {@value #SMALL} bytes
 * that finds no room there lies in a space of this process: programs rely on that where other implementations send
 * small messages at once, without a look at the attached buffer. Used under the engine lock.
 */
final class BsendBuffer {
    /** Longest message, in bytes, that needs no attached buffer. */
    static final int SMALL = 256;
    private static final int OWN_BYTES = 1 << 16;

    /** Null when none is attached. */
    private Space attached;
    /** Null until it is first needed. */
    private Space own;

    void attach(byte[] buffer) {
        if (buffer == null) {
            throw new CommException(ErrorClass.BUFFER, "the buffer is null; pass a byte[]");
        }
        if (attached != null) {
            throw new CommException(ErrorClass.BUFFER, "a buffer of " + attached.bytes.length
                    + " bytes is attached already: call detachBuffer() first");
        }
        attached = new Space(buffer);
    }

    byte[] detach(Engine engine) {
        drain(engine);
        if (attached == null) {
            throw new CommException(ErrorClass.BUFFER, "no buffer is attached: call attachBuffer(byte[]) first");
        }
        byte[] detached = attached.bytes;
        attached = null;
        return detached;
    }

    /** Waits until all messages have left. */
    void drain(Engine engine) {
        if (own != null) {
            own.drain(engine);
        }
        if (attached != null) {
            attached.drain(engine);
        }
    }

    void send(Engine engine, Communicator comm, Object base, long offset, int count, TypeMap type, int dest, int tag) {
        Space space = room(engine, count * type.size());
        space.send(comm, base, offset, count, type, dest, tag);
    }

    /** The space that has room for a message of this size. */
    private Space room(Engine engine, long bytes) {
        Space space = find(bytes);
        if (space == null) {
            engine.progress().poll();
            space = find(bytes);
        }
        if (space == null) {
            throw new CommException(ErrorClass.BUFFER, "a buffered send of " + bytes + " bytes needs "
                    + (bytes + Constant.BSEND_OVERHEAD) + " bytes (MPI.BSEND_OVERHEAD included) in one piece of the "
                    + (attached == null ? "buffer, but none is attached: call MPI.attachBuffer"
                    : "attached buffer of " + attached.bytes.length + ", where " + attached.regions.size()
                    + " messages still lie: attach a larger one"));
        }
        return space;
    }

    private Space find(long bytes) {
        if (attached != null && attached.gap(bytes) >= 0) {
            return attached;
        }
        if (bytes > SMALL) {
            return null;
        }
        if (own == null) {
            own = new Space(new byte[OWN_BYTES]);
        }
        return own.gap(bytes) >= 0 ? own : null;
    }

    /** Messages under way in one array. */
    private static final class Space {
        /** In order of their place; place and size include the overhead. */
        private final List<Region> regions = new ArrayList<>();
        private final byte[] bytes;

        private record Region(int start, int end, TransferRequest send) {}

        Space(byte[] bytes) {
            this.bytes = bytes;
        }

        void drain(Engine engine) {
            for (Region region : regions) {
                if (!region.send.isDone()) {
                    engine.progress().await(region.send);
                }
            }
            regions.clear();
        }

        void send(Communicator comm, Object base, long offset, int count, TypeMap type, int dest, int tag) {
            int length = (int) (count * type.size());
            int index = gap(length);
            int start = index == 0 ? 0 : regions.get(index - 1).end;
            Packer.pack(base, offset, count, type, 0, MemorySegment.ofArray(bytes), start, length);
            TransferRequest send = comm.pointToPoint().isend(comm, PointToPoint.Mode.STANDARD, bytes, start, length,
                    TypeMap.of(Primitive.PACKED), dest, tag);
            regions.add(index, new Region(start, start + length + Constant.BSEND_OVERHEAD, send));
        }

        /** Index in the list of regions of a gap for a message of this size; negative: there is none. */
        int gap(long length) {
            regions.removeIf(region -> region.send.isDone());
            long end = 0;
            for (int i = 0; i < regions.size(); i++) {
                if (regions.get(i).start - end >= length + Constant.BSEND_OVERHEAD) {
                    return i;
                }
                end = regions.get(i).end;
            }
            return bytes.length - end >= length + Constant.BSEND_OVERHEAD ? regions.size() : -1;
        }
    }
}
