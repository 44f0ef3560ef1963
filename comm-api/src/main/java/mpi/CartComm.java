package mpi;

import org.isthmus.comm.error.CommException;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.topology.CartTopology;
import org.isthmus.comm.topology.Dims;
import org.isthmus.comm.topology.Neighborhood;
import org.isthmus.comm.topology.Topology;

/**
 * A communicator whose processes form a grid, ranks in row-major order (MPI 3.1, section 7.5); made by
 * {@link Intracomm#createCart}. All but {@link #sub} is local. Threads and errors as in {@link Comm}.
 *
 * <p>In neighbourhood collectives blocks 2i and 2i + 1 are those of the neighbours before and after in dimension i;
 * those of a neighbour beyond an edge are left alone.
 */
public final class CartComm extends Intracomm {
    private final CartTopology grid;

    CartComm(Communicator communicator, CartTopology grid) {
        super(communicator);
        this.grid = grid;
    }

    @Override
    Comm like(Communicator duplicate) {
        return new CartComm(duplicate, grid);
    }

    @Override
    Topology topology() {
        return grid;
    }

    @Override
    public CartComm clone() {
        return (CartComm) super.clone();
    }

    @Override
    public CartComm dup() throws MPIException {
        return (CartComm) super.dup();
    }

    @Override
    public CartComm iDup() throws MPIException {
        return (CartComm) super.iDup();
    }

    @Override
    public CartComm dupWithInfo(Info info) throws MPIException {
        return (CartComm) super.dupWithInfo(info);
    }

    /** The grid and this process's place in it. */
    public CartParms getTopo() throws MPIException {
        int rank = getRank();
        return new CartParms(grid.dims(), grid.periods(), grid.coords(rank));
    }

    /** The rank at {@code coords}; those of a periodic dimension wrap around. */
    public int getRank(int[] coords) throws MPIException {
        return TopologyCalls.local(this, c -> grid.rank(coords));
    }

    public int[] getCoords(int rank) throws MPIException {
        return TopologyCalls.local(this, c -> {
            Checks.member("rank", rank, c.size());
            return grid.coords(rank);
        });
    }

    /**
     * Whom this process receives from and sends to when all send {@code disp} steps along a dimension.
     *
     * @param direction the dimension
     */
    public ShiftParms shift(int direction, int disp) throws MPIException {
        return TopologyCalls.local(this, c -> new ShiftParms(partner(c.rank(), direction, -(long) disp),
                partner(c.rank(), direction, disp)));
    }

    private int partner(int rank, int direction, long displacement) {
        int partner = grid.shifted(rank, direction, displacement);
        return partner == Neighborhood.NONE ? Constant.PROC_NULL : partner;
    }

    /**
     * The part of the grid, for each process its own, in which only the dimensions that {@code remainDims} names vary.
     * Collective.
     */
    public CartComm sub(boolean[] remainDims) throws MPIException {
        return TopologyCalls.sub(this, grid, remainDims);
    }

    /**
     * The rank that this process would have in a grid made of this communicator with reorder;
     * {@code MPI.UNDEFINED} when it would be left over.
     */
    public int map(int[] dims, boolean[] periods) throws MPIException {
        return TopologyCalls.mapToGrid(this, dims, periods);
    }

    /** Sets the entries of {@code dims} that are 0 so that the product of all is {@code nnodes}, as even as can be. */
    public static void createDims(int nnodes, int[] dims) throws MPIException {
        Session.check();
        try {
            Dims.balance(nnodes, dims);
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }
}
