package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.isthmus.node.config.LauncherVariables;

/**
 * The process on this node that started the ranks, told apart from a later process of the same pid by its start time.
 * Any thread may ask {@link #isAlive}.
 *
 * @param name name of its command
 * @param pid process id
 * @param startTicks start time in the kernel's clock ticks since boot, 0 if it had ended before it was looked at
 */
public record LauncherProcess(String name, long pid, long startTicks) {
    private static final Pattern LAUNCHER_NAME = Pattern.compile(
            "(mpirun|mpiexec)(\\.[a-z]+)?|orterun|orted|prte|prted|prterun|prun|hydra_.*|srun|slurmstepd");
    private static final int MOST_ANCESTORS = 100;

    /**
     * The nearest ancestor of this process that is a launcher; else the process that
     * {@link LauncherVariables#LAUNCHER_PID} names; else nothing.
     */
    public static Optional<LauncherProcess> find(Map<String, String> environment) {
        long named = parsePid(environment.get(LauncherVariables.LAUNCHER_PID));
        Optional<Stat> ancestor = Stat.of("self");
        for (int i = 0; i < MOST_ANCESTORS && ancestor.isPresent(); i++) {
            ancestor = Stat.of(Long.toString(ancestor.get().parent()));
            if (ancestor.isPresent()) {
                Stat stat = ancestor.get();
                if (stat.pid() == named) {
                    return Optional.of(new LauncherProcess("isthmus run", named, stat.startTicks()));
                }
                if (LAUNCHER_NAME.matcher(stat.name()).matches()) {
                    return Optional.of(new LauncherProcess(stat.name(), stat.pid(), stat.startTicks()));
                }
            }
        }
        if (named <= 0) {
            return Optional.empty();
        }
        Optional<Stat> elsewhere = Stat.of(Long.toString(named));
        long startTicks = elsewhere.isPresent() ? elsewhere.get().startTicks() : 0;
        return Optional.of(new LauncherProcess("isthmus run", named, startTicks));
    }

    /** A process of this node that runs now. */
    static LauncherProcess of(String name, long pid) {
        return new LauncherProcess(name, pid, Stat.of(Long.toString(pid)).map(Stat::startTicks).orElse(0L));
    }

    /**
     * False once the process has ended, even if nobody has collected its exit status yet: then no thread of it runs any
     * more. The state that the kernel shows is that of the first thread, which may end before the others.
     */
    public boolean isAlive() {
        Optional<Stat> stat = Stat.of(Long.toString(pid));
        return stat.isPresent() && stat.get().startTicks() == startTicks && !stat.get().ended();
    }

    /** Id of this process; costs a starting JVM much less than ProcessHandle does. */
    static long currentPid() {
        return Stat.of("self").orElseThrow().pid();
    }

    @Override
    public String toString() {
        return name + " (pid " + pid + ")";
    }

    private static long parsePid(String text) {
        if (text == null) {
            return -1;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new BootstrapException(LauncherVariables.LAUNCHER_PID + "=\"" + text
                    + "\" is no process id; this variable is set by isthmus run: unset it");
        }
    }

    /** What /proc/PID/stat says; see proc(5). */
    private record Stat(long pid, String name, char state, long parent, int threads, long startTicks) {
        private static final int STATE = 0;
        private static final int PARENT = 1;
        private static final int THREADS = 17;
        private static final int START_TICKS = 19;

        static Optional<Stat> of(String process) {
            try {
                String text = Files.readString(Path.of("/proc", process, "stat"),
                        StandardCharsets.ISO_8859_1);
                int close = text.lastIndexOf(')');
                String[] afterName = text.substring(close + 2).split(" ");
                return Optional.of(new Stat(Long.parseLong(text.substring(0, text.indexOf(' '))),
                        text.substring(text.indexOf('(') + 1, close),
                        afterName[STATE].charAt(0), Long.parseLong(afterName[PARENT]),
                        Integer.parseInt(afterName[THREADS]), Long.parseLong(afterName[START_TICKS])));
            } catch (IOException e) {
                return Optional.empty(); // no such process
            }
        }

        boolean ended() {
            return (state == 'Z' || state == 'X') && threads <= 1;
        }
    }
}
