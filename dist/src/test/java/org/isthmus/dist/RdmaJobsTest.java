package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.isthmus.rdma.provider.RxeMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Jobs over queue pairs, in a virtual machine with Soft-RoCE (-Disthmus.test.rxe.jobs=true; needs root and Debian). */
@EnabledIfSystemProperty(named = "isthmus.test.rxe.jobs", matches = "true")
class RdmaJobsTest {
    private static final int SECONDS = 1800;

    @Test
    @Timeout(SECONDS + 60)
    void testsPassOnADevice() throws Exception {
        assertTrue(Files.isRegularFile(IsthmusJar.JAR)); // made here with its cache, which is much work for that machine
        RxeMachine.runDeviceTests("org.isthmus.dist", Path.of("target/rxe-vm"), 1, SECONDS);
    }
}
