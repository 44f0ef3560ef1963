package org.isthmus.launch.doctor;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.isthmus.node.config.Settings;

/** Processors, and a quota of a container that is less than them. */
final class ProcessorCheck implements Check {
    private static final String SUBJECT = "processors";

    @Override
    public List<Finding> look(Machine machine, Settings settings) {
        int processors = Runtime.getRuntime().availableProcessors();
        Optional<String> quota = machine.read("/sys/fs/cgroup/cpu.max");
        if (quota.isPresent() && !quota.get().startsWith("max")) {
            String[] words = quota.get().split(" ");
            double allowed = Double.parseDouble(words[0]) / Double.parseDouble(words[1]);
            String found = processors + ", but a quota of " + String.format(Locale.ROOT, "%.1f", allowed);
            if (allowed < processors) {
                return List.of(Finding.note(SUBJECT, found,
                        "waiting ranks spin away the quota: start the container without --cpus (use --cpuset-cpus),"
                        + " or set isthmus.wait.oversubscribed=true"));
            }
        }
        return List.of(Finding.ok(SUBJECT, Integer.toString(processors)));
    }
}
