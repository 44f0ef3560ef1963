package org.isthmus.launch.doctor;

import java.io.IOException;
import java.util.List;
import org.isthmus.comm.device.CudaReport;
import org.isthmus.node.config.Settings;

/** Whether message buffers may lie in memory of CUDA devices, as far as the settings want it. */
final class CudaCheck implements Check {
    private static final String SUBJECT = "cuda";

    @Override
    public List<Finding> look(Machine machine, Settings settings) throws IOException {
        CudaReport report = CudaReport.of(settings, machine.path("/"));
        return List.of(switch (report.state()) {
            case USED -> Finding.ok(SUBJECT, String.join("; ", report.lines()));
            case NOT_USED -> Finding.ok(SUBJECT, report.found());
            case BROKEN -> Finding.note(SUBJECT, report.found(),
                    "until that is mended, message buffers must be in memory of the host; isthmus.cuda=off says so");
        });
    }
}
