package mpi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.isthmus.comm.Engine;
import org.isthmus.comm.dynamic.DynamicProcesses;
import org.isthmus.comm.dynamic.SpawnCommand;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.group.Communicator;

/** The work behind the methods of {@link Intracomm} and {@link Intercomm} for processes of other jobs. */
final class DynamicCalls {
    private static final Intercomm PARENT = new Intercomm(null);
    private static final int MOST_PROCESSES = 4096;

    private DynamicCalls() {}

    /** A call that is local, or whose errors are the world's. */
    interface Call<T> {
        T run(DynamicProcesses processes);
    }

    static <T> T call(Call<T> call) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            return call.run(engine.processes());
        } catch (CommException e) {
            throw Errors.raise(e);
        } finally {
            engine.exit();
        }
    }

    /** Makes an intercommunicator of {@code comm}'s group and another. */
    static Intercomm join(Intracomm comm, int root, Call<Communicator> call) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            Checks.member("root", root, comm.communicator().size());
            return comm.adopt(new Intercomm(call.run(engine.processes())));
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
        }
    }

    static Intercomm spawn(Intracomm comm, String[] commands, String[][] argv, int[] maxprocs, Info[] info, int root,
            int[] errcodes) throws MPIException {
        return join(comm, root, processes -> processes.spawn(() -> commands(commands, argv, maxprocs, info, errcodes),
                Environment.hostName(), comm.communicator(), root, errcodes));
    }

    private static List<SpawnCommand> commands(String[] commands, String[][] argv, int[] maxprocs, Info[] info,
            int[] errcodes) {
        Checks.notNull(commands, "commands");
        int count = commands.length;
        if (count == 0) {
            throw Checks.arg("commands is empty; it must name at least one");
        }
        length("maxprocs", maxprocs == null ? -1 : maxprocs.length, count);
        length("argv", argv == null ? count : argv.length, count);
        length("info", info == null ? count : info.length, count);
        List<SpawnCommand> list = new ArrayList<>();
        long processes = 0;
        for (int i = 0; i < count; i++) {
            if (commands[i] == null || commands[i].isBlank()) {
                throw Checks.arg("command " + i + " is " + (commands[i] == null ? "null" : "empty")
                        + "; it must be the path or name of a program");
            }
            String[] arguments = argv == null || argv[i] == null ? new String[0] : argv[i];
            if (Arrays.asList(arguments).contains(null)) {
                throw Checks.arg("argv of command " + i + " (" + commands[i] + ") contains null");
            }
            if (maxprocs[i] < 1) {
                throw Checks.arg("maxprocs of command " + i + " (" + commands[i] + ") is " + maxprocs[i]
                        + "; it must be 1 or more");
            }
            processes += maxprocs[i];
            list.add(new SpawnCommand(commands[i], List.of(arguments), maxprocs[i], hints(info, i)));
        }
        if (processes > MOST_PROCESSES) {
            throw Checks.arg("maxprocs asks for " + processes + " processes; at most " + MOST_PROCESSES
                    + " can be spawned at a time");
        }
        if (errcodes != null && errcodes.length < processes) {
            throw Checks.arg("errcodes has " + errcodes.length + " entries; it must have one for each of the "
                    + processes + " processes, or be null");
        }
        return list;
    }

    private static void length(String name, int length, int commands) {
        if (length < commands) {
            throw Checks.arg(name + (length < 0 ? " is null" : " has " + length + " entries")
                    + "; it must have one for each of the " + commands + " commands");
        }
    }

    private static Map<String, String> hints(Info[] info, int i) {
        return info == null || info[i] == null || info[i].isNull() ? Map.of() : info[i].entries();
    }

    /** In a process that was spawned: meets its parents, once. */
    static void joinParent(Engine engine) {
        engine.enter();
        try {
            Communicator parents = engine.processes().joinParents();
            if (parents != null) {
                PARENT.open(parents, "MPI_COMM_PARENT");
            }
        } finally {
            engine.exit();
        }
    }

    static Intercomm parent() {
        return PARENT;
    }
}
