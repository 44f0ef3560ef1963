package mpi;

/** A grid and this process's place in it; arguments are dimensions, from 0 to {@link #getDimCount()} - 1. */
public final class CartParms {
    private final int[] dims;
    private final boolean[] periods;
    private final int[] coords;

    /** The arrays are kept. */
    CartParms(int[] dims, boolean[] periods, int[] coords) {
        this.dims = dims;
        this.periods = periods;
        this.coords = coords;
    }

    public int getDimCount() {
        return dims.length;
    }

    /** Processes in a dimension. */
    public int getDim(int i) {
        return dims[i];
    }

    /** Whether a dimension is a ring. */
    public boolean getPeriod(int i) {
        return periods[i];
    }

    /** This process's coordinate in a dimension. */
    public int getCoord(int i) {
        return coords[i];
    }
}
