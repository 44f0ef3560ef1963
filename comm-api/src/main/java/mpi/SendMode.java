package mpi;

import java.util.Locale;
import org.isthmus.comm.pt2pt.PointToPoint;

/** The send modes of the API (MPI 3.1, section 3.4). */
enum SendMode {
    STANDARD("MPI_Send", PointToPoint.Mode.STANDARD),
    /** Copied to the attached buffer first; sent from there in standard mode. */
    BUFFERED("MPI_Bsend", PointToPoint.Mode.STANDARD),
    SYNCHRONOUS("MPI_Ssend", PointToPoint.Mode.SYNCHRONOUS),
    READY("MPI_Rsend", PointToPoint.Mode.READY);

    /** The standard's names of the blocking and the non-blocking call. */
    final String call;
    final String nonBlockingCall;
    final PointToPoint.Mode engineMode;

    SendMode(String call, PointToPoint.Mode engineMode) {
        this.call = call;
        this.nonBlockingCall = "MPI_I" + call.substring("MPI_".length()).toLowerCase(Locale.ROOT);
        this.engineMode = engineMode;
    }
}
