package mpi;

import org.isthmus.comm.pt2pt.PointToPoint;

/** The send modes of the API (MPI 3.1, section 3.4). */
enum SendMode {
    STANDARD(PointToPoint.Mode.STANDARD),
    /** Copied to the attached buffer first; sent from there in standard mode. */
    BUFFERED(PointToPoint.Mode.STANDARD),
    SYNCHRONOUS(PointToPoint.Mode.SYNCHRONOUS),
    READY(PointToPoint.Mode.READY);

    final PointToPoint.Mode engineMode;

    SendMode(PointToPoint.Mode engineMode) {
        this.engineMode = engineMode;
    }
}
