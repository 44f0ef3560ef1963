package org.isthmus.comm.coll;

import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.op.ReduceOp;
import org.isthmus.comm.pt2pt.PointToPoint.Mode;
import org.isthmus.comm.pt2pt.TransferRequest;

/** One thing a rank does in a {@link Schedule}. */
sealed interface Step {
    /** Does it, or starts it: null when it is over on return. */
    TransferRequest start(Schedule schedule);

    record Send(Buffer buffer, int count, TypeMap type, int peer) implements Step {
        @Override
        public TransferRequest start(Schedule s) {
            return s.comm.pointToPoint().isend(s.comm, Mode.STANDARD, buffer.base(), buffer.offset(), count, type, peer,
                    s.tag);
        }
    }

    record Receive(Buffer buffer, int count, TypeMap type, int peer) implements Step {
        @Override
        public TransferRequest start(Schedule s) {
            return s.comm.pointToPoint().irecv(s.comm, buffer.base(), buffer.offset(), count, type, peer, s.tag);
        }
    }

    record Copy(Buffer source, int sourceCount, TypeMap sourceType, Buffer target, int targetCount, TypeMap targetType)
            implements Step {
        @Override
        public TransferRequest start(Schedule s) {
            LocalCopy.copy(source, sourceCount, sourceType, target, targetCount, targetType);
            return null;
        }
    }

    record Reduce(Buffer in, Buffer inout, int count, TypeMap type, ReduceOp op) implements Step {
        @Override
        public TransferRequest start(Schedule s) {
            op.reduce(in.base(), in.offset(), inout.base(), inout.offset(), count, type);
            return null;
        }
    }

    /** Nothing after it begins before everything ahead of it is over. */
    record EndOfRound() implements Step {
        static final EndOfRound INSTANCE = new EndOfRound();

        @Override
        public TransferRequest start(Schedule s) {
            return null;
        }
    }
}
