package org.isthmus.node.bootstrap.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeMapTest {
    private static NodeMap map(String... identities) {
        return NodeMap.of(Arrays.stream(identities).map(String::getBytes).toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "x; 0; 0; 1",
        "a,a,a; 0,0,0; 0,1,2; 3,3,3",
        "a,a,b,b; 0,0,1,1; 0,1,0,1; 2,2,2,2",
        "b,a,b,a,b; 0,1,0,1,0; 0,0,1,1,2; 3,2,3,2,3",
        "c,b,a; 0,1,2; 0,0,0; 1,1,1",
    })
    void ranksAreGroupedInTheirOrder(String identities, String nodes, String localRanks, String localSizes) {
        NodeMap map = map(identities.split(","));
        for (int rank = 0; rank < map.ranks(); rank++) {
            assertEquals(Integer.parseInt(nodes.split(",")[rank]), map.node(rank));
            assertEquals(Integer.parseInt(localRanks.split(",")[rank]), map.localRank(rank));
            assertEquals(Integer.parseInt(localSizes.split(",")[rank]), map.localSize(rank));
        }
    }

    @Test
    void aRankIsFoundAgainByNodeAndLocalRank() {
        Random random = new Random(1);
        String[] identities = random.ints(1000, 0, 37).mapToObj(Integer::toString).toArray(String[]::new);
        NodeMap map = map(identities);
        assertEquals(Arrays.stream(identities).distinct().count(), map.nodes());
        int total = 0;
        for (int node = 0; node < map.nodes(); node++) {
            total += map.ranksOn(node).length;
        }
        assertEquals(1000, total);
        for (int rank = 0; rank < 1000; rank++) {
            assertEquals(rank, map.ranksOn(map.node(rank))[map.localRank(rank)]);
            assertEquals(identities[rank], identities[map.ranksOn(map.node(rank))[0]]);
        }
    }

    @Test
    void theMapCannotBeChangedFromOutside() {
        NodeMap map = map("a", "a");
        map.ranksOn(0)[0] = 7;
        assertArrayEquals(new int[] {0, 1}, map.ranksOn(0));
    }

    @Test
    void noRankIsNoJob() {
        assertThrows(IllegalArgumentException.class, () -> NodeMap.of(List.of()));
    }

    @Test
    void identityIsEqualInOneDirectoryAndDiffersByEveryPart(@TempDir Path directory) {
        NodeIdentity here = NodeIdentity.here(directory);
        assertEquals(here, NodeIdentity.here(directory));
        assertFalse(Arrays.equals(here.encode(), NodeIdentity.here(Path.of("/proc")).encode()));
        for (NodeIdentity other : List.of(
                new NodeIdentity("x", here.sharedMemory(), here.processIds(), here.user()),
                new NodeIdentity(here.bootId(), "x", here.processIds(), here.user()),
                new NodeIdentity(here.bootId(), here.sharedMemory(), "x", here.user()),
                new NodeIdentity(here.bootId(), here.sharedMemory(), here.processIds(), here.user() + 1))) {
            assertEquals(2, NodeMap.of(List.of(here.encode(), other.encode())).nodes());
        }
        assertThrows(ExchangeException.class, () -> NodeIdentity.here(directory.resolve("missing")));
    }
}
