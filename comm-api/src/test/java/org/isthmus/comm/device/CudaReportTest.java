package org.isthmus.comm.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.isthmus.node.config.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaReportTest {
    @TempDir
    Path root;

    private CudaReport report(String cuda) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("isthmus.cuda", cuda);
        properties.setProperty("isthmus.cuda.library", TestCuda.build());
        return CudaReport.of(Settings.of(Map.of(), properties), root);
    }

    @Test
    void aDriverIsShownWithVersionAndDevices() throws Exception {
        CudaReport report = report("on");
        assertEquals(CudaReport.State.USED, report.state());
        assertEquals(List.of("CUDA 12.4 by " + TestCuda.build() + ", devices: 1", "device 0: Test Device"),
                report.lines());
    }

    @Test
    void withoutADriverOfTheKernelNothingIsLoaded() throws Exception {
        assertEquals(CudaReport.State.NOT_USED, report("auto").state());
        Files.createDirectories(root.resolve("dev"));
        Files.createFile(root.resolve("dev/nvidiactl"));
        assertEquals(CudaReport.State.USED, report("auto").state());
        assertEquals(CudaReport.State.NOT_USED, report("off").state());
    }
}
