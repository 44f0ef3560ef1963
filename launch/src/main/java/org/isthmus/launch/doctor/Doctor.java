package org.isthmus.launch.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.config.Settings;

/** Runs all checks. */
public final class Doctor {
    private static final List<Check> CHECKS = List.of(new SharedMemoryCheck(), new ProcessorCheck(), new LimitCheck(),
            new SingleCopyCheck(), new ClockCheck(), new NetworkCheck(), new SocketBufferCheck(),
            new RequestWindowCheck(), new AddressCheck(), new PortCheck(), new RdmaCheck(), new CudaCheck(),
            new BackendCheck());

    private Doctor() {}

    /** What is found on this machine, with these settings. */
    public static List<Finding> examine(Settings settings) throws IOException {
        return examine(new Machine(Path.of("/")), settings);
    }

    static List<Finding> examine(Machine machine, Settings settings) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (Check check : CHECKS) {
            findings.addAll(check.look(machine, settings));
        }
        return findings;
    }
}
