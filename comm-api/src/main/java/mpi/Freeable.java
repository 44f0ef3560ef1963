package mpi;

/** A handle that is given back by hand. */
public interface Freeable {
    /** Gives the object back; the handle is null afterwards. */
    void free() throws MPIException;
}
