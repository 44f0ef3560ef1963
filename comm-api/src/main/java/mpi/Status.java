package mpi;

import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.pt2pt.Envelope;

/** What is known of a finished operation (MPI 3.1, section 3.2.5). Not safe for use by several threads at once. */
public final class Status {
    private int source;
    private int tag;
    private int error;
    private int index;
    private long bytes;
    private boolean cancelled;

    Status(int source, int tag, long bytes) {
        this.source = source;
        this.tag = tag;
        this.bytes = bytes;
    }

    Status(Envelope envelope) {
        this(envelope.source, envelope.tag, envelope.bytes);
        this.cancelled = envelope.cancelled;
    }

    /** Status of an operation that is none: a null or inactive request, a finished send or collective. */
    static Status empty() {
        return new Status(Constant.ANY_SOURCE, Constant.ANY_TAG, 0);
    }

    /** Status of a receive from nobody. */
    static Status ofNobody() {
        return new Status(Constant.PROC_NULL, Constant.ANY_TAG, 0);
    }

    /** Status of an access to a file. */
    static Status ofFile(long bytes) {
        return new Status(Constant.ANY_SOURCE, Constant.ANY_TAG, bytes);
    }

    Status withIndex(int index) {
        this.index = index;
        return this;
    }

    Status withError(int error) {
        this.error = error;
        return this;
    }

    Status withCancelled(boolean cancelled) {
        this.cancelled = cancelled;
        return this;
    }

    /** Elements of {@code datatype} received; {@code MPI.UNDEFINED} when it is not a whole number of them. */
    public int getCount(Datatype datatype) throws MPIException {
        Session.check();
        try {
            long size = Checks.definedType(datatype).size();
            return whole(bytes == 0 ? 0 : size == 0 || bytes % size != 0 ? -1 : bytes / size);
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }

    public boolean isCancelled() throws MPIException {
        Session.check();
        return cancelled;
    }

    /** Basic elements received; {@code MPI.UNDEFINED} when the last one is cut. */
    public int getElements(Datatype datatype) throws MPIException {
        return whole(elements(datatype));
    }

    /** As {@link #getElements} for messages of more than 2^31 - 1 elements. */
    public Count getElementsX(Datatype datatype) throws MPIException {
        long elements = elements(datatype);
        return new Count(elements < 0 ? Constant.UNDEFINED : elements);
    }

    private long elements(Datatype datatype) throws MPIException {
        Session.check();
        try {
            return Checks.definedType(datatype).elementCount(bytes);
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }

    private static int whole(long count) {
        return count < 0 || count > Integer.MAX_VALUE ? Constant.UNDEFINED : (int) count;
    }

    /** Makes this the status of a message of {@code count} basic elements of {@code datatype}. */
    public void setElements(Datatype datatype, int count) throws MPIException {
        setElements(datatype, (long) count);
    }

    public void setElementsX(Datatype datatype, Count count) throws MPIException {
        if (count == null) {
            throw Errors.raise(Checks.arg("count is null"));
        }
        setElements(datatype, count.getCount());
    }

    private void setElements(Datatype datatype, long count) throws MPIException {
        Session.check();
        try {
            TypeMap map = Checks.definedType(datatype);
            if (count < 0) {
                throw new CommException(ErrorClass.COUNT, "count is " + count + "; it must be 0 or more");
            }
            bytes = map.elementBytes(count);
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }

    public void setCancelled(boolean flag) throws MPIException {
        Session.check();
        cancelled = flag;
    }

    /** Rank of the sender. */
    public int getSource() {
        return source;
    }

    public int getTag() {
        return tag;
    }

    /** Error class of this operation; set when a call finished several. */
    public int getError() {
        return error;
    }

    /** Index of the request in the array that a call for any or some of several was given. */
    public int getIndex() {
        return index;
    }
}
