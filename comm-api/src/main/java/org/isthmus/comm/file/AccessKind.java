package org.isthmus.comm.file;

/**
 * A family of data access calls (MPI 3.1, section 13.4.1).
 *
 * @param write false for reads
 * @param pointer which position it begins at
 * @param collective whether all ranks make it together; with the shared position in the order of ranks
 * @param background whether the caller goes on meanwhile
 */
public record AccessKind(boolean write, Pointer pointer, boolean collective, boolean background) {
    /** Where an access begins. */
    public enum Pointer {
        /** At the offset that the call names. */
        EXPLICIT,
        /** At this rank's own position. */
        INDIVIDUAL,
        /** At the position of all ranks. */
        SHARED
    }
}
