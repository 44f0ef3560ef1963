package org.isthmus.launch.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.isthmus.node.config.Settings;

/** Limits of this process that its ranks inherit. */
final class LimitCheck implements Check {
    private static final long FILES = 1024;
    private static final long PROCESSES = 4096;

    @Override
    public List<Finding> look(Machine machine, Settings settings) {
        List<Finding> findings = new ArrayList<>();
        Optional<String> limits = machine.read("/proc/self/limits");
        if (limits.isPresent()) {
            findings.add(atLeast("open files", soft(limits.get(), "Max open files"), FILES, "ulimit -n 65536"));
            findings.add(atLeast("processes and threads", soft(limits.get(), "Max processes"), PROCESSES,
                    "a rank has about 20 threads: ulimit -u 65536"));
        }
        return findings;
    }

    private static Finding atLeast(String subject, long value, long wanted, String advice) {
        String found = value == Long.MAX_VALUE ? "unlimited" : Long.toString(value);
        return value >= wanted ? Finding.ok(subject, found) : Finding.problem(subject, found, advice);
    }

    /** The soft limit of that row. */
    static long soft(String limits, String name) {
        for (String line : limits.split("\n")) {
            if (line.startsWith(name)) {
                String value = line.substring(name.length()).strip().split("\\s+")[0];
                return value.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(value);
            }
        }
        return Long.MAX_VALUE;
    }
}
