package org.isthmus.launch.doctor;

import java.util.List;
import org.isthmus.node.config.Settings;

/** The clock behind {@code MPI.wtime()} and the waiting of ranks. */
final class ClockCheck implements Check {
    private static final String SOURCE = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    private static final List<String> FAST =
            List.of("tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page");

    @Override
    public List<Finding> look(Machine machine, Settings settings) {
        return machine.read(SOURCE).map(source -> FAST.contains(source) ? Finding.ok("clock", source)
                : Finding.note("clock", source + ", which is read by a system call",
                        "MPI.wtime() costs about a microsecond; boot with clocksource=tsc where the"
                                + " processor has a stable one"))
                .stream().toList();
    }
}
