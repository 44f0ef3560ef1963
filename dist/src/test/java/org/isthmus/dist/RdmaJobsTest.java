package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.isthmus.rdma.provider.RxeMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Jobs over queue pairs, in a virtual machine with Soft-RoCE: by -Disthmus.test.rxe.jobs=true, as root on Debian. */
class RdmaJobsTest {
    private static final int SECONDS = 1800;
    private static final Path OUT = Path.of("target/rxe-vm");

    /** The engines and multiplexers of two nodes in one process, since processes start slowly there. */
    @Test
    @EnabledIfSystemProperty(named = "isthmus.test.rxe.jobs", matches = "true")
    @Timeout(SECONDS + 60)
    void theEnginesOfTwoNodesWorkOnADevice() throws Exception {
        RxeMachine.runDeviceTests(RdmaEngineDeviceTest.class.getName(), OUT, 2, SECONDS);
    }

    /** The same and more with processes: some minutes for each. */
    @Test
    @EnabledIfSystemProperty(named = "isthmus.test.rxe.jobs", matches = "true")
    @Timeout(SECONDS + 60)
    void jobsOfTwoNodesWorkOnADevice() throws Exception {
        // made here with its cache, which is much work for that machine
        assertTrue(Files.isRegularFile(IsthmusJar.JAR));
        RxeMachine.runDeviceTests(RdmaJobsDeviceTest.class.getName(), OUT, 1, SECONDS);
    }
}
