package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class SimulateCommandTest {
    @TempDir
    private Path directory;

    private static String output(String... arguments) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true));
        try {
            assertEquals(0, new SimulateCommand().run(List.of(arguments)));
        } finally {
            System.setOut(before);
        }
        return bytes.toString();
    }

    @Test
    void printsARowForEachDesignAndWritesCsvAndPlot() throws Exception {
        Path csv = directory.resolve("rows.csv");
        Path svg = directory.resolve("plot.svg");
        String[] arguments = {"--ranks", "2", "--messages", "100", "--sweep", "nodes:2,4", "--shards", "1,2", "--csv",
            csv.toString(), "--svg", svg.toString()};
        String table = output(arguments);
        assertEquals(1 + 2 * (4 + 2 * 2), table.lines().count(), table);
        assertTrue(table.lines().anyMatch(line -> line.matches("all-pairs +B +nodes=4 +12 .*")), table);
        List<String> rows = Files.readAllLines(csv);
        assertEquals(table.lines().count(), rows.size());
        for (String row : rows) {
            assertEquals(rows.getFirst().split(",").length, row.split(",").length, row);
        }
        assertTrue(Files.readString(svg).contains("shared K=2"));
        String first = Files.readString(csv);
        assertEquals(table, output(arguments), "the same again");
        assertEquals(first, Files.readString(csv));
    }

    @Test
    void runsSeedsWithFaults() throws Exception {
        assertTrue(output("faults", "--seed", "3", "--seeds", "5").startsWith("5 seeds: "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--nodes 1 | option --nodes = \"1\": a whole number from 2 to 10000 is needed",
        "--ranks 513 | option --ranks = \"513\": a whole number from 1 to 512 is needed",
        "--designs all-pair | option --designs = \"all-pair\": one of all-pairs, process-to-node, dc, ud,"
                + " shared, two-level",
        "--shards 0 | option --shards = \"0\": a whole number from 1 to 16 is needed",
        "--preset E | option --preset = \"E\": one of A, B, C, D is needed",
        "--traffic all | option --traffic = \"all\": one of uniform, sweep, neighbours is needed",
        "--bytes 4 | option --bytes = \"4\": a whole number from 8 to 2048 is needed",
        "--replacement fifo | one of lru, random is needed",
        "--sweep nodes | a variable and its values are needed, such as nodes:2,16,128",
        "--sweep node:2 | one of nodes, ranks, cache",
        "--sweep nodes:1 | option --sweep: nodes = 1: from 2 to 10000 is needed",
        "--sweep cache:0 | option --sweep: contexts = 0: above 0 is needed",
        "--svg plot.svg | give --sweep VARIABLE:V,V too",
        "--svg plot.svg --sweep active:0,4 | leave the value 0 out of --sweep",
        "--csv no/such/rows.csv | option --csv = \"no/such/rows.csv\": a file in a directory that exists is needed",
        "--detail whole --nodes 1000 | option --detail = whole",
        "fault | simulate takes the argument faults or none, got fault",
        "faults --seeds 0 | option --seeds = \"0\"",
        "faults 3 | simulate faults takes no argument, got 3"})
    void whatIsWrongIsNamed(String arguments, String message) {
        UsageException wrong = assertThrows(UsageException.class,
                () -> new SimulateCommand().run(List.of(arguments.split(" "))));
        assertTrue(wrong.getMessage().contains(message), wrong.getMessage());
    }
}
