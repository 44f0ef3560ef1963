package org.isthmus.launch.doctor;

import java.util.List;
import org.isthmus.node.config.Settings;

/** Whether ranks may read each other's off-heap memory, which large messages from there do. */
final class SingleCopyCheck implements Check {
    private static final String SUBJECT = "single copy";
    private static final String SCOPE = "/proc/sys/kernel/yama/ptrace_scope";

    @Override
    public List<Finding> look(Machine machine, Settings settings) {
        String scope = machine.read(SCOPE).orElse("0");
        return scope.equals("0") ? List.of(Finding.ok(SUBJECT, "ranks may read each other's memory"))
                : List.of(Finding.note(SUBJECT, SCOPE + " is " + scope + ": ranks may not read each other's memory",
                        "large messages in off-heap memory are copied twice; sysctl kernel.yama.ptrace_scope=0, or"
                                + " allocate them by MPI.newByteBuffer"));
    }
}
