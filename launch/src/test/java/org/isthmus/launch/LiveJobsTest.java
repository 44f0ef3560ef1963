package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.isthmus.node.status.JobStatus;
import org.junit.jupiter.api.Test;

class LiveJobsTest {
    private static JobStatus node(String job, int node, long startedMillis) {
        return new JobStatus(job, "isthmus run", "Main", 4, node, 2, startedMillis, List.of(), List.of());
    }

    @Test
    void theNodesOfAJobStandTogetherByIndexThoughTheyBeganInAnyOrder() {
        List<JobStatus> expected = List.of(node("b", 0, 17), node("b", 1, 10), node("c", 0, 11), node("c", 1, 16),
                node("a", 0, 12), node("a", 1, 12));
        for (int seed = 0; seed < 20; seed++) {
            List<JobStatus> found = new ArrayList<>(expected);
            Collections.shuffle(found, new Random(seed));
            found.sort(LiveJobs.order(found));
            assertEquals(expected, found, "seed " + seed);
        }
    }
}
