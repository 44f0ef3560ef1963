package org.isthmus.comm.dynamic;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.node.bootstrap.ProcessTree;
import org.isthmus.node.bootstrap.RankPlace;
import org.isthmus.node.bootstrap.exchange.JobSecret;

/**
 * The processes of one spawn on this host, a job of their own: as {@code isthmus run} starts ranks, with this process's
 * output and no input.
 */
final class Children {
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    private final List<SpawnCommand> commands;
    private final Runnable onExit;
    private final String host;
    private final List<Process> processes = new ArrayList<>();
    /** Command of each process, by its rank. */
    private final List<SpawnCommand> commandOf = new ArrayList<>();
    private final int[] errorCodes;
    private volatile String failure;

    /**
     * @param host this host's name
     * @param onExit told, on another thread, that a process has ended
     */
    Children(List<SpawnCommand> commands, String host, Runnable onExit) {
        this.commands = commands;
        this.host = host;
        this.onExit = onExit;
        this.errorCodes = new int[commands.stream().mapToInt(SpawnCommand::processes).reduce(0, Math::addExact)];
        commands.forEach(command -> {
            for (int i = 0; i < command.processes(); i++) {
                commandOf.add(command);
            }
        });
    }

    /** Starts all; whether that went well, or {@link #failure} says why not. */
    boolean start(String parentPort) {
        String jobKey = JobSecret.random().hex();
        for (int rank = 0; rank < errorCodes.length; rank++) {
            try {
                processes.add(start(rank, jobKey, parentPort));
            } catch (IOException e) {
                fail(rank, "cannot be started: " + e.getMessage());
                Arrays.fill(errorCodes, rank, errorCodes.length, ErrorClass.SPAWN);
                return false;
            }
        }
        for (int rank = 0; rank < errorCodes.length; rank++) {
            int who = rank;
            processes.get(rank).onExit().thenAccept(ended -> {
                fail(who, "ended with exit code " + ended.exitValue() + " before it had joined its parents; it must call "
                        + "MPI.Init, and what it printed says more");
                onExit.run();
            });
        }
        return true;
    }

    private Process start(int rank, String jobKey, String parentPort) throws IOException {
        SpawnCommand command = commandOf.get(rank);
        checkHost(command.info().get("host"));
        ProcessBuilder builder = new ProcessBuilder(commandLine(command));
        Map<String, String> environment = builder.environment();
        // So that `java Main` finds what this process finds.
        environment.merge("CLASSPATH", System.getProperty("java.class.path"), (theirs, ours) -> ours
                + File.pathSeparator + theirs);
        new RankPlace(rank, errorCodes.length, rank, errorCodes.length).tellSpawned(environment, jobKey, parentPort,
                commands.indexOf(command));
        String directory = command.info().get("wdir");
        if (directory != null) {
            if (!Files.isDirectory(Path.of(directory))) {
                throw new IOException("its working directory (info key wdir) " + directory + " is no directory here");
            }
            builder.directory(new File(directory));
        }
        return builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.INHERIT).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private void checkHost(String hosts) throws IOException {
        if (hosts != null && Stream.of(hosts.split(",")).map(String::strip)
                .noneMatch(name -> name.equals(host) || name.equals("localhost") || name.startsWith(host + "."))) {
            throw new IOException("the info key host asks for " + hosts + "; processes can be spawned on the root's host "
                    + "only, " + host);
        }
    }

    /** A {@code java} gets our class path and native access, as under {@code isthmus run}. */
    private static List<String> commandLine(SpawnCommand command) throws IOException {
        List<String> line = new ArrayList<>();
        String program = find(command);
        line.add(program);
        List<String> arguments = command.arguments();
        if (!Path.of(program).getFileName().toString().equals("java")) {
            line.addAll(arguments);
            return line;
        }
        if (program.equals("java")) {
            line.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        }
        if (Children.class.getModule().isNativeAccessEnabled()) {
            line.add(NATIVE_ACCESS);
        }
        for (int i = 0; i < arguments.size(); i++) {
            boolean isClassPath = i > 0 && arguments.get(i - 1).matches("-cp|-classpath|--class-path")
                    && i == firstClassPath(arguments);
            line.add(isClassPath ? arguments.get(i) + File.pathSeparator + System.getProperty("java.class.path")
                    : arguments.get(i));
        }
        return line;
    }

    /** Index of the class path among arguments of {@code java}, if it stands before the main class; -1 if not. */
    private static int firstClassPath(List<String> arguments) {
        for (int i = 0; i + 1 < arguments.size() && arguments.get(i).startsWith("-"); i++) {
            if (arguments.get(i).matches("-cp|-classpath|--class-path")) {
                return i + 1;
            }
        }
        return -1;
    }

    /** The command, looked for in the directories of info key {@code path} first. */
    private static String find(SpawnCommand command) {
        String path = command.info().get("path");
        if (path == null || command.command().contains("/")) {
            return command.command();
        }
        Optional<Path> found = Stream.of(path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, command.command())).filter(Files::isExecutable).findFirst();
        return found.map(Path::toString).orElse(command.command());
    }

    private synchronized void fail(int rank, String how) {
        errorCodes[rank] = ErrorClass.SPAWN;
        if (failure == null) {
            failure = "command \"" + commandOf.get(rank).command() + "\" (process " + rank + " of "
                    + errorCodes.length + " on host " + host + ") " + how;
        }
    }

    /** Which process failed, and why; null while none has. */
    String failure() {
        return failure;
    }

    /** For each process {@code SUCCESS} or {@code SPAWN}. */
    synchronized int[] errorCodes() {
        return errorCodes.clone();
    }

    int size() {
        return errorCodes.length;
    }

    /** Ends those that run; returns when they are gone. */
    void end() throws InterruptedException {
        ProcessTree.end(processes.stream().filter(Process::isAlive).toList(), 0);
    }
}
