package mpi;

import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.op.PredefinedOp;
import org.isthmus.comm.op.ReduceOp;

/** A reduction operation (MPI 3.1, section 5.9), predefined or made of a {@link UserFunction}. Any thread. */
public final class Op implements Freeable {
    private final UserFunction user;
    private final boolean commute;
    private final PredefinedOp predefined;
    private volatile UserReduction lastReduction;
    private volatile boolean freed;

    /** @param commute whether operands may be reordered; associativity is always assumed. */
    public Op(UserFunction function, boolean commute) {
        this(function, commute, null);
    }

    Op(PredefinedOp predefined) {
        this(null, predefined.isCommutative(), predefined);
    }

    private Op(UserFunction user, boolean commute, PredefinedOp predefined) {
        this.user = user;
        this.commute = commute;
        this.predefined = predefined;
    }

    /** The engine's operation for elements of {@code type}; null for a null handle. */
    ReduceOp function(Datatype type) {
        if (predefined != null || isNull()) {
            return predefined;
        }
        UserReduction reduction = lastReduction;
        if (reduction == null || reduction.datatype() != type) {
            reduction = new UserReduction(user, commute, type);
            lastReduction = reduction;
        }
        return reduction;
    }

    public boolean isCommutative() {
        return commute;
    }

    /** Gives the handle back; predefined operations stay. */
    @Override
    public void free() throws MPIException {
        Session.check();
        if (predefined != null) {
            throw Errors.raise(new CommException(ErrorClass.OP,
                    "the operation " + predefined + " is predefined: it cannot be freed"));
        }
        freed = true;
        lastReduction = null;
    }

    public boolean isNull() {
        return predefined == null && (freed || user == null);
    }
}
