package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two devices as rails: each shard has its queue pairs on its own. For the virtual machine, which has rxe0 and rxe1.
 */
@Tag("device")
@Timeout(300)
class RailsDeviceTest extends RdmaNodes {
    private static final List<String> LINKS = List.of("rxe0/1", "rxe1/1");

    @Override
    Map<String, String> settings() {
        return DEVICE;
    }

    @ParameterizedTest
    @CsvSource({"'10.0.2.15,10.0.3.15', 0, 0", "'10.0.2.15,10.0.3.15', 1, 1", "'10.0.3.15,10.0.2.15', 0, 1",
            "auto, 1, 1"})
    void aShardUsesTheDeviceOfItsRail(String addresses, int shard, int rail) throws Exception {
        long used = RdmaFaultDeviceTest.queuePairsOf(LINKS.get(rail));
        long other = RdmaFaultDeviceTest.queuePairsOf(LINKS.get(1 - rail));
        openShard(shard, 2, "isthmus.rdma.address", addresses);
        connect(0, 1);
        assertEquals(used + 2, RdmaFaultDeviceTest.queuePairsOf(LINKS.get(rail)));
        assertEquals(other, RdmaFaultDeviceTest.queuePairsOf(LINKS.get(1 - rail)));
        transfer(100, 4, () -> { });
    }
}
