package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/** Turns an in-place alltoall(v, w) into an ordinary one whose send side is a packed copy of the receive buffer. */
final class AlltoallInPlace {
    private AlltoallInPlace() {}

    static void copyAside(CollectiveCall call, Schedule s) {
        int size = s.size();
        long[] starts = new long[size + 1];
        for (int i = 0; i < size; i++) {
            starts[i + 1] = starts[i] + call.receiveCount(i) * call.receiveType(i).size();
        }
        if (starts[size] > Integer.MAX_VALUE) {
            throw new CommException(ErrorClass.COUNT, "an in-place alltoall of " + starts[size] + " bytes a rank, at "
                    + "most " + Integer.MAX_VALUE + " are possible; use a send buffer of its own");
        }
        int[] counts = new int[size];
        int[] displacements = new int[size];
        TypeMap[] types = new TypeMap[size];
        Buffer copy = s.temporary((int) starts[size], TypeMap.of(Primitive.BYTE));
        for (int i = 0; i < size; i++) {
            TypeMap type = call.receiveType(i);
            types[i] = Schedule.packedType(type);
            counts[i] = Schedule.packedCount(call.receiveCount(i), type);
            displacements[i] = (int) starts[i];
            s.copy(call.receive(i), call.receiveCount(i), type, copy.at(starts[i]), counts[i], types[i]);
        }
        if (call.kind() == CollectiveKind.ALLTOALL) {
            call.send(copy.base(), copy.offset(), counts[0], types[0]);
        } else {
            call.sendW(copy.base(), copy.offset(), counts, displacements, types);
        }
    }
}
