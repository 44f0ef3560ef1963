package org.isthmus.rdma.provider;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * All tests of this module that need a device, in a virtual machine with Soft-RoCE (profile "rxe"; needs root and
 * Debian).
 */
@EnabledIfSystemProperty(named = "isthmus.test.rxe", matches = "true")
class SoftRoceTest {
    private static final int SECONDS = 1200;

    @Test
    @Timeout(SECONDS + 60)
    void testsPassOnADevice() throws Exception {
        RxeMachine.runDeviceTests("org.isthmus.rdma", Path.of("target/rxe-vm"), 2, SECONDS);
    }
}
