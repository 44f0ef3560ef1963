package mpi;

/** The two partners of a shift along a grid; {@code MPI.PROC_NULL} for one beyond its edge. */
public final class ShiftParms {
    private final int rankSource;
    private final int rankDest;

    ShiftParms(int rankSource, int rankDest) {
        this.rankSource = rankSource;
        this.rankDest = rankDest;
    }

    /** The rank to receive from. */
    public int getRankSource() {
        return rankSource;
    }

    /** The rank to send to. */
    public int getRankDest() {
        return rankDest;
    }
}
