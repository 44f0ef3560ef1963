package org.isthmus.comm.program;

import java.lang.reflect.InvocationTargetException;
import mpi.MPI;

/**
 * Main of a rank of {@link ProgramJob}: runs the programs named by its arguments, {@code Class#method} each, one after
 * another. The first argument is the thread level.
 */
public final class ProgramMain {
    static final String PASSED = "passed ";

    private ProgramMain() {}

    public static void main(String[] args) throws Throwable {
        MPI.InitThread(args, Integer.parseInt(args[0]));
        for (int i = 1; i < args.length; i++) {
            String[] name = args[i].split("#");
            try {
                Class.forName(ProgramMain.class.getPackageName() + "." + name[0])
                        .getDeclaredMethod(name[1]).invoke(null);
            } catch (InvocationTargetException e) {
                System.out.println("failed " + args[i]);
                throw e.getCause();
            }
            System.out.println(PASSED + args[i]);
            MPI.COMM_WORLD.barrier();
        }
        MPI.Finalize();
    }
}
