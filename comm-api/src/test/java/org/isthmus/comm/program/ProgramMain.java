package org.isthmus.comm.program;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import mpi.MPI;
import mpi.MPIException;

/**
 * Main of a rank of {@link ProgramJob}: runs the programs named by its arguments, one after another:
 * {@code Class#method}, or {@code Class} for all of that class that are for so many ranks. The first argument is the
 * thread level.
 */
public final class ProgramMain {
    static final String PASSED = "passed ";

    private ProgramMain() {}

    public static void main(String[] args) throws Throwable {
        MPI.InitThread(args, Integer.parseInt(args[0]));
        for (int i = 1; i < args.length; i++) {
            for (Method program : programs(args[i])) {
                run(program);
            }
        }
        MPI.Finalize();
    }

    private static List<Method> programs(String name) throws ReflectiveOperationException, MPIException {
        int hash = name.indexOf('#');
        Class<?> type = Class.forName(ProgramMain.class.getPackageName() + "."
                + (hash < 0 ? name : name.substring(0, hash)));
        if (hash >= 0) {
            return List.of(type.getDeclaredMethod(name.substring(hash + 1)));
        }
        int ranks = MPI.COMM_WORLD.getSize();
        List<Method> programs = new ArrayList<>();
        for (Method method : type.getDeclaredMethods()) {
            Program program = method.getAnnotation(Program.class);
            if (program != null && ranks >= program.minRanks() && ranks <= program.maxRanks()) {
                programs.add(method);
            }
        }
        programs.sort(Comparator.comparing(Method::getName));
        return programs;
    }

    private static void run(Method program) throws Throwable {
        String name = program.getDeclaringClass().getSimpleName() + "#" + program.getName();
        try {
            program.invoke(null);
        } catch (InvocationTargetException e) {
            System.out.println("failed " + name);
            throw e.getCause();
        }
        System.out.println(PASSED + name);
        MPI.COMM_WORLD.barrier();
    }
}
