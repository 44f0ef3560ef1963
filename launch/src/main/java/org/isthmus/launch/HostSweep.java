package org.isthmus.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isthmus.node.config.LauncherVariables;

/**
 * Main class that ends what a job left on a host whose agent died: every process of this user, not older than the job,
 * with the job's key in its environment. Key and age of the job in milliseconds come on standard input; the age is that
 * at this process's start. Processes that are clearly older and those of other users are not looked into.
 */
public final class HostSweep {
    private static final int MOST_ROUNDS = 20;
    private static final long PAUSE_MILLIS = 100;
    /** An order may take this long to start a process on its host. */
    private static final Duration MOST_DELAY = Duration.ofMinutes(1);

    private HostSweep() {}

    public static void main(String[] args) throws Exception {
        String order = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!order.matches("[0-9a-f]{32} \\d{1,15}")) {
            System.err.println("HostSweep: standard input is no key and age of a job");
            System.exit(2);
        }
        String key = order.substring(0, order.indexOf(' '));
        Instant start = ownStart().minusMillis(Long.parseLong(order.substring(order.indexOf(' ') + 1)));
        boolean clean = false;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<ProcessHandle> left = find(key, start);
            if (clean && left.isEmpty()) {
                return;
            }
            clean = left.isEmpty(); // a process that is just being started has its environment a moment later
            left.forEach(ProcessHandle::destroyForcibly);
            Thread.sleep(PAUSE_MILLIS);
        }
        System.err.println("HostSweep: these processes do not end: "
                + find(key, start).stream().map(ProcessHandle::pid).toList());
        System.exit(1);
    }

    /** Of the same source as the others' start times, which differs from the clock by up to a second. */
    private static Instant ownStart() {
        return ProcessHandle.current().info().startInstant().orElseThrow();
    }

    /** The processes of a job that began at an instant, by its key. */
    static List<ProcessHandle> find(String key, Instant start) throws IOException {
        String wanted = LauncherVariables.JOB + "=" + key;
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        List<ProcessHandle> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path entry : entries) {
                Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(entry.getFileName().toString()));
                if (process.isPresent() && isYounger(process.get(), start.minus(MOST_DELAY))
                        && hasVariable(entry, user, wanted)) {
                    found.add(process.get());
                }
            }
        }
        return found;
    }

    private static boolean isYounger(ProcessHandle process, Instant start) {
        return process.info().startInstant().filter(start::isBefore).isPresent();
    }

    private static boolean hasVariable(Path process, Object user, String wanted) {
        try {
            return user.equals(Files.getAttribute(process, "unix:uid"))
                    && List.of(Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1).split("\0"))
                            .contains(wanted);
        } catch (IOException e) {
            return false; // it has ended
        }
    }
}
