package org.isthmus.launch;

import java.io.IOException;
import java.util.List;
import org.isthmus.launch.doctor.Doctor;
import org.isthmus.launch.doctor.Finding;
import org.isthmus.node.config.Settings;

/** {@code isthmus doctor}: looks for what keeps jobs from running here, or from running fast. */
final class DoctorCommand implements Subcommand {
    private static final OptionTable OPTIONS = new OptionTable(List.of());

    @Override
    public String name() {
        return "doctor";
    }

    @Override
    public String summary() {
        return "check this machine, and say what to mend";
    }

    @Override
    public String help() {
        return "Usage: isthmus doctor\n\nLooks at shared memory, processors, limits, network cards and RDMA devices of"
                + " this machine, and\nsends some MiB from this node to itself.\nA line each: ok; note, jobs run but"
                + " could run better; mend, jobs fail or will when they grow.\nExit code 1 if there is"
                + " anything to mend.\n\n" + OPTIONS.help();
    }

    @Override
    public int run(List<String> arguments) throws IOException {
        OptionTable.Values values = OPTIONS.parse(arguments);
        if (values.get(OptionTable.HELP)) {
            System.out.print(help());
            return 0;
        }
        values.requireNoArgument("doctor");
        List<Finding> findings = Doctor.examine(Settings.load());
        for (Finding finding : findings) {
            System.out.printf("%-5s %-22s %s%n", finding.grade(), finding.subject(), finding.found());
            if (!finding.advice().isEmpty()) {
                System.out.printf("%-5s %-22s -> %s%n", "", "", finding.advice());
            }
        }
        return findings.stream().anyMatch(finding -> finding.grade() == Finding.Grade.PROBLEM) ? 1 : 0;
    }
}
