package org.isthmus.comm.dynamic;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.node.bootstrap.ProcessTree;

/**
 * The processes of one spawn that this member starts on its host, part of a job of their own: as {@code isthmus run}
 * starts ranks, with this process's output and no input.
 */
final class Children {
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    private final SpawnPlan plan;
    private final int[] ranks;
    private final Runnable onExit;
    private final String host;
    private final List<Process> processes = new ArrayList<>();
    private final int[] errorCodes;
    private volatile String failure;

    /**
     * @param starter this member
     * @param host this host's name
     * @param onExit told, on another thread, that a process has ended
     */
    Children(SpawnPlan plan, int starter, String host, Runnable onExit) {
        this.plan = plan;
        this.ranks = plan.ranksOf(starter);
        this.onExit = onExit;
        this.host = host;
        this.errorCodes = new int[plan.size()];
    }

    /** Starts all; whether that went well, or {@link #failure} says why not. */
    boolean start() {
        for (int i = 0; i < ranks.length; i++) {
            try {
                processes.add(start(ranks[i]));
            } catch (IOException e) {
                fail(ranks[i], "cannot be started: " + e.getMessage());
                for (int later = i; later < ranks.length; later++) {
                    errorCodes[ranks[later]] = ErrorClass.SPAWN;
                }
                return false;
            }
        }
        for (int i = 0; i < ranks.length; i++) {
            int who = ranks[i];
            processes.get(i).onExit().thenAccept(ended -> {
                fail(who, "ended with exit code " + ended.exitValue()
                        + " before it had joined its parents; it must call MPI.Init, and what it printed says more");
                onExit.run();
            });
        }
        return true;
    }

    private Process start(int rank) throws IOException {
        SpawnCommand command = plan.command(rank);
        ProcessBuilder builder = new ProcessBuilder(commandLine(command));
        Map<String, String> environment = builder.environment();
        // So that `java Main` finds what this process finds.
        environment.merge("CLASSPATH", System.getProperty("java.class.path"), (theirs, ours) -> ours
                + File.pathSeparator + theirs);
        plan.tell(environment, rank);
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
            failure = "command \"" + plan.command(rank).command() + "\" (process " + rank + " of "
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

    /** Ends those that run; returns when they are gone. */
    void end() throws InterruptedException {
        ProcessTree.end(processes.stream().filter(Process::isAlive).toList(), 0);
    }
}
