package mpi;

import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.op.PredefinedOp;
import org.isthmus.comm.op.ReduceOp;

/** Checks of arguments. Each throws a {@link CommException} that names the argument, its value and what is allowed. */
final class Checks {
    private Checks() {}

    /** Count and datatype of one message; the datatype's map when both are right. */
    static TypeMap message(String name, int count, Datatype type) {
        if (count < 0) {
            throw negativeCount(name, count);
        }
        return type(type);
    }

    static TypeMap type(Datatype type) {
        if (type == null || type.map == null || !type.committed) {
            throw unusable(type);
        }
        return type.map;
    }

    /** A datatype that need not be committed: for constructors and queries. */
    static TypeMap definedType(Datatype type) {
        if (type == null || type.map == null) {
            throw unusable(type);
        }
        return type.map;
    }

    private static CommException unusable(Datatype type) {
        String problem = type == null ? "is null"
                : type.map == null ? "is DATATYPE_NULL or was freed"
                : "(" + type.describe() + ") is not committed: call commit() before it is used in a message";
        return new CommException(ErrorClass.TYPE, "the datatype " + problem);
    }

    static CommException negativeCount(String name, int count) {
        return new CommException(ErrorClass.COUNT, name + " is " + count + "; it must be 0 or more");
    }

    static void dest(Communicator comm, int dest) {
        dest(comm, dest, "dest");
    }

    static void dest(Communicator comm, int dest, String name) {
        if ((dest < 0 || dest >= comm.size()) && dest != Constant.PROC_NULL) {
            throw rank(name, dest, comm, " or MPI.PROC_NULL");
        }
    }

    static void source(Communicator comm, int source) {
        if ((source < 0 || source >= comm.size()) && source != Constant.ANY_SOURCE && source != Constant.PROC_NULL) {
            throw rank("source", source, comm, ", MPI.ANY_SOURCE or MPI.PROC_NULL");
        }
    }

    private static CommException rank(String name, int rank, Communicator comm, String others) {
        return new CommException(ErrorClass.RANK,
                name + " is " + rank + "; it must be a rank from 0 to " + (comm.size() - 1) + others);
    }

    /** A rank of a communicator of {@code size}. */
    static void member(String name, int rank, int size) {
        if (rank < 0 || rank >= size) {
            throw new CommException(ErrorClass.RANK,
                    name + " is " + rank + "; it must be a rank from 0 to " + (size - 1));
        }
    }

    static void root(Communicator comm, int root) {
        if ((root < 0 || root >= comm.size())
                && !(comm.isInter() && (root == Constant.ROOT || root == Constant.PROC_NULL))) {
            throw new CommException(ErrorClass.ROOT, "root is " + root + "; it must be a rank from 0 to "
                    + (comm.size() - 1) + (comm.isInter() ? " of the remote group, MPI.ROOT or MPI.PROC_NULL" : ""));
        }
    }

    /** Whether this process is the root that {@code root} names. */
    static boolean isRoot(Communicator comm, int root) {
        return comm.isInter() ? root == Constant.ROOT : comm.rank() == root;
    }

    /** Whether this process is at the root's other end: has data for it, or gets data from it. */
    static boolean isPeerOfRoot(Communicator comm, int root) {
        return !comm.isInter() || root >= 0;
    }

    /** Refuses the in-place forms on intercommunicators. */
    static void inPlace(Communicator comm, boolean inPlace) {
        if (inPlace && comm.isInter()) {
            throw arg("forms without a send buffer (in place) are for intracommunicators; "
                    + "pass a send and a receive buffer");
        }
    }

    static void tag(int tag) {
        if (tag < 0) {
            throw new CommException(ErrorClass.TAG,
                    "tag is " + tag + "; it must be from 0 to " + Constant.MAX_TAG + " (MPI.TAG_UB)");
        }
    }

    static void recvTag(int tag) {
        if (tag < 0 && tag != Constant.ANY_TAG) {
            throw new CommException(ErrorClass.TAG, "tag is " + tag + "; it must be from 0 to " + Constant.MAX_TAG
                    + " (MPI.TAG_UB) or MPI.ANY_TAG");
        }
    }

    /** The operation as the engine runs it on {@code type}; accumulates have two more (MPI 3.1, section 11.3.4). */
    static ReduceOp op(Op op, Datatype type) {
        ReduceOp function = op == null ? null : op.function(type);
        if (function == null) {
            throw new CommException(ErrorClass.OP, "the operation " + (op == null ? "is null" : "was freed"));
        }
        if (function == PredefinedOp.REPLACE || function == PredefinedOp.NO_OP) {
            throw new CommException(ErrorClass.OP, "operation " + function
                    + " is defined for accumulates of one-sided communication only: use a reduction's");
        }
        if (!function.supports(type.map)) {
            throw new CommException(ErrorClass.OP, "operation " + function + " is not defined for datatype "
                    + type.describe() + ": use another one or new Op(UserFunction, boolean)");
        }
        return function;
    }

    /** One entry for each rank of {@code comm}, none negative. */
    static void counts(String name, int[] counts, Communicator comm) {
        counts(name, counts, comm.size(), "ranks");
    }

    /** One entry for each of {@code entries} {@code owners}, none negative. */
    static void counts(String name, int[] counts, int entries, String owners) {
        length(name, counts == null ? -1 : counts.length, entries, owners);
        for (int i = 0; i < entries; i++) {
            if (counts[i] < 0) {
                throw negativeCount(name + "[" + i + "]", counts[i]);
            }
        }
    }

    /** An array argument with at least one entry for each rank; {@code length} is -1 for a null array. */
    static void length(String name, int length, Communicator comm) {
        length(name, length, comm.size(), "ranks");
    }

    static void length(String name, int length, int entries, String owners) {
        if (length < entries) {
            throw new CommException(ErrorClass.ARG, name + (length < 0 ? " is null" : " has " + length + " entries")
                    + "; it must have one for each of the " + entries + " " + owners);
        }
    }

    static void notNull(Object argument, String name) {
        if (argument == null) {
            throw new CommException(ErrorClass.ARG, name + " is null");
        }
    }

    static CommException arg(String message) {
        return new CommException(ErrorClass.ARG, message);
    }
}
