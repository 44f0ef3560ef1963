package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueuePairBenchTest {
    @TempDir
    private Path empty;

    @Test
    void aMeshHasTheSquareOfTheRanksAndTheOthersWhatTheyAreGiven() {
        assertEquals(List.of("mesh:1:1", "shared:1:2", "frames:1:2", "mesh:8:64", "shared:8:2", "frames:8:2"),
                QueuePairBench.rows(List.of(1, 8), List.of(2)));
    }

    @Test
    void linesBecomeATableAndTheSameLinesAgain() {
        String line = "mesh,16,256,51387,51387,33542864,1289";
        List<QueuePairBench.Row> rows = List.of(QueuePairBench.Row.parse(line));
        assertEquals(QueuePairBench.Row.CSV_HEAD + "\n" + line + "\n", QueuePairBench.csv(rows));
        String[] table = QueuePairBench.table(rows).split("\\R");
        assertEquals(2, table.length);
        assertTrue(table[1].matches("mesh +16 +256 +51,387 +51,387 +32,756 +1,289"), table[1]);
        assertThrows(IllegalArgumentException.class, () -> QueuePairBench.Row.parse("mesh,16"));
    }

    @Test
    void saysWhatIsMissing() {
        refuses("isthmus-rdma.jar, which bench qp needs", "--rdma", empty.toString());
    }

    @Test
    void refusesBadOptions() {
        refuses("a whole number from 1 to 256", "--ranks", "4,257");
        refuses("a whole number from 1 to 64", "--shared", "0");
        refuses("bench qp takes no argument, got x", "x");
    }

    private static void refuses(String message, String... arguments) {
        UsageException refused = assertThrows(UsageException.class, () -> QueuePairBench.run(List.of(arguments)));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }
}
