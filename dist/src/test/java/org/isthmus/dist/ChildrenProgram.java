package org.isthmus.dist;

import java.util.List;
import mpi.MPI;

/** Each rank prints how many multiplexers are its children, while MPI is initialized and after it. */
public final class ChildrenProgram {
    private ChildrenProgram() {}

    public static void main(String[] args) throws Exception {
        MPI.Init(args);
        int rank = MPI.COMM_WORLD.getRank();
        int[] sum = {1};
        MPI.COMM_WORLD.allReduce(sum, 1, MPI.INT, MPI.SUM);
        System.out.println("rank " + rank + " of " + sum[0] + " has " + multiplexers().size());
        List<ProcessHandle> before = multiplexers();
        MPI.Finalize();
        System.out.println("rank " + rank + " left " + before.stream().filter(ProcessHandle::isAlive).count());
    }

    private static List<ProcessHandle> multiplexers() {
        return ProcessHandle.current().children().filter(child -> child.info().commandLine().orElse("")
                .contains("org.isthmus.node.mux.MultiplexerMain")).toList();
    }
}
