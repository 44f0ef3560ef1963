package org.isthmus.comm.dynamic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
class SpawnPlacementTest {
    private static final List<SpawnHost> HOSTS =
            List.of(new SpawnHost(2, "alpha", List.of("10.0.0.1", "fd00:0:0:0:0:0:0:1")),
            new SpawnHost(0, "beta.cluster.org", List.of("10.0.0.2")), new SpawnHost(5, "gamma", List.of("10.0.0.3")));

    @TempDir
    Path directory;

    private static SpawnCommand command(int processes, Map<String, String> info) {
        return new SpawnCommand("java", List.of("Main"), processes, info);
    }

    private static String place(SpawnCommand... commands) {
        return Arrays.stream(new SpawnPlacement(HOSTS).place(List.of(commands))).mapToObj(Integer::toString)
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1|0", "2|01", "3|012", "7|0001122"})
    void withoutHintsTheyAreSpread(int processes, String hosts) {
        assertEquals(hosts, place(command(processes, Map.of())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"beta|3|111", "beta, alpha|3|110", "alpha:1,10.0.0.3:4|4|0222", "10.0.0.2,gamma:2|2|12",
        "localhost|2|00", "alpha.example.org|1|0", "[fd00:0:0:0:0:0:0:1]:2|2|00"})
    void namedHostsAreTaken(String named, int processes, String hosts) {
        assertEquals(hosts, place(command(processes, Map.of("host", named))));
    }

    @Test
    void aFileNamesHosts() throws Exception {
        Path file = Files.writeString(directory.resolve("hosts"), "# three\n\ngamma slots=2 # last\nbeta:1\nalpha\n");
        assertEquals("2210", place(command(4, Map.of("hostfile", file.toString()))));
    }

    @Test
    void eachCommandHasItsOwnHosts() {
        assertEquals("0121", place(command(3, Map.of()), command(1, Map.of("host", "beta"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"host|delta|delta|alpha, beta.cluster.org, gamma",
        "host|alpha:1,beta:1|3 processes|2 slots", "host|alpha:0|\"alpha:0\"|HOST:SLOTS",
        "host|a b c|\"a b c\"|HOST:SLOTS", "host|''|\"\"|HOST:SLOTS",
        "hostfile|/no/such/file|/no/such/file|cannot be read"})
    void whatCannotBeIsNamed(String key, String value, String part, String other) {
        CommException e = assertThrows(CommException.class, () -> place(command(3, Map.of(key, value))));
        assertEquals(ErrorClass.SPAWN, e.errorClass());
        assertTrue(e.getMessage().contains("\"java\"") && e.getMessage().contains(part)
                && e.getMessage().contains(other), e.getMessage());
    }

    @Test
    void aPlanAndAHostComeBackAsTheyWere() {
        SpawnPlan plan = new SpawnPlan(List.of(command(2, Map.of("wdir", "/tmp", "host", "ä")), command(1, Map.of())),
                new int[] {4, 0, 4}, "key", "port", "10.0.0.1:7", "secret");
        SpawnPlan back = SpawnPlan.decode(plan.encode());
        assertEquals(plan.commands(), back.commands());
        assertArrayEquals(plan.starters(), back.starters());
        assertArrayEquals(new int[] {0, 2}, back.ranksOf(4));
        assertEquals(List.of(0, 0, 1), List.of(back.application(0), back.application(1), back.application(2)));
        Map<String, String> environment = new HashMap<>();
        back.tell(environment, 2);
        assertEquals("1", environment.get("ISTHMUS_LOCAL_RANK"));
        assertEquals("2", environment.get("ISTHMUS_LOCAL_SIZE"));
        assertEquals("secret", environment.get("ISTHMUS_SECRET"));
        assertTrue(!plan.toString().contains("secret") && !plan.toString().contains("port"), plan.toString());
        byte[] host = HOSTS.getFirst().encode();
        assertEquals(HOSTS.getFirst(), SpawnHost.decode(2, host, 0));
    }
}
