package org.isthmus.rdma.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinkTableTest {
    @Test
    void itKnowsWhatAMapKnows() {
        LinkTable table = new LinkTable();
        Map<Integer, Link> map = new HashMap<>();
        Random random = new Random(2);
        for (int i = 0; i < 3_000; i++) {
            int number = random.nextInt(200) * 16;
            if (map.containsKey(number)) {
                table.remove(map.remove(number));
                assertNull(table.get(number));
            } else {
                Link link = new Link(null, -1, 0, null, new RdmaCounters(null));
                map.put(number, link);
                table.add(number, link);
            }
            assertEquals(map.size(), table.size());
            map.forEach((key, link) -> assertSame(link, table.get(key)));
        }
    }
}
