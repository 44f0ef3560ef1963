package mpi;

import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.group.Communicator;

/** Checks and resolves the buffers of collectives that have a count and a displacement for each rank. */
final class VectorBuffer {
    private VectorBuffer() {}

    /**
     * The base of a buffer of which rank i's part is {@code counts[i]} elements from {@code displs[i]} extents on.
     *
     * @param side "send" or "recv", as the arguments' names begin
     */
    static Object base(Communicator comm, Object buf, String side, boolean writable, int[] counts, int[] displs,
            TypeMap type) {
        return base(comm.size(), "ranks", buf, side, writable, counts, displs, type);
    }

    /**
     * The same for {@code parts} parts.
     *
     * @param owners whose parts they are, for messages
     */
    static Object base(int parts, String owners, Object buf, String side, boolean writable, int[] counts, int[] displs,
            TypeMap type) {
        checkArrays(parts, owners, side, counts, displs);
        long start = 0;
        long end = 0;
        for (int i = 0; i < parts; i++) {
            if (counts[i] > 0) {
                long origin = displs[i] * type.extent();
                start = Math.min(start, origin + UserBuffer.start(counts[i], type));
                end = Math.max(end, origin + UserBuffer.end(counts[i], type));
            }
        }
        return UserBuffer.base(buf, side + "buf", writable, type, start, end);
    }

    /** The same with a type for each rank and displacements in bytes. */
    static Object base(Communicator comm, Object buf, String side, boolean writable, int[] counts, int[] displs,
            TypeMap[] types) {
        return base(comm.size(), "ranks", buf, side, writable, counts, displs, types);
    }

    /** The same for {@code parts} parts. */
    static Object base(int parts, String owners, Object buf, String side, boolean writable, int[] counts, int[] displs,
            TypeMap[] types) {
        checkArrays(parts, owners, side, counts, displs);
        if (parts == 0) {
            return new byte[0];
        }
        Object base = UserBuffer.base(buf, side + "buf", writable, types[0], 0, 0);
        boolean elementAligned = true;
        for (int i = 0; i < parts; i++) {
            if (counts[i] > 0) {
                long start = displs[i] + UserBuffer.start(counts[i], types[i]);
                long end = displs[i] + UserBuffer.end(counts[i], types[i]);
                UserBuffer.base(buf, side + "buf", writable, types[i], start, end);
                elementAligned &= types[i].isElementAligned() && displs[i] % types[i].base().bytes() == 0;
            }
        }
        return elementAligned || UserBuffer.isOnDevice(base) ? base : UserBuffer.bytes(base);
    }

    static TypeMap[] types(Communicator comm, String name, Datatype[] types) {
        return types(comm.size(), "ranks", name, types);
    }

    static TypeMap[] types(int parts, String owners, String name, Datatype[] types) {
        Checks.length(name, types == null ? -1 : types.length, parts, owners);
        TypeMap[] maps = new TypeMap[parts];
        for (int i = 0; i < maps.length; i++) {
            maps[i] = Checks.type(types[i]);
        }
        return maps;
    }

    private static void checkArrays(int parts, String owners, String side, int[] counts, int[] displs) {
        Checks.counts(side + "counts", counts, parts, owners);
        Checks.length(side + " displacements", displs == null ? -1 : displs.length, parts, owners);
    }
}
