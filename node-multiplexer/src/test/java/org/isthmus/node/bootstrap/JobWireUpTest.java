package org.isthmus.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.isthmus.node.bootstrap.exchange.Exchange;
import org.isthmus.node.bootstrap.exchange.JobSecret;
import org.isthmus.node.config.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class JobWireUpTest {
    private static final String OWN = "ISTHMUS_SIZE=2 ISTHMUS_LOCAL_RANK=0 ISTHMUS_LOCAL_SIZE=1 ISTHMUS_JOB=j ";
    private static final String ORTE =
            "OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_LOCAL_RANK=0 OMPI_COMM_WORLD_LOCAL_SIZE=1 "
            + "PMIX_NAMESPACE=77 OMPI_MCA_orte_precondition_transports=a-b ";

    @TempDir
    Path directory;

    private JobWireUp wireUp(String variables) {
        Map<String, String> environment = environment(variables);
        return new JobWireUp(environment, Settings.of(environment, new Properties()), false);
    }

    private Map<String, String> environment(String variables) {
        Map<String, String> environment = new HashMap<>();
        environment.put("ISTHMUS_RENDEZVOUS_DIRECTORY", directory.toString());
        for (String pair : variables.strip().split("\\s+")) {
            environment.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return environment;
    }

    private void assertMeet(String first, String second, String name) throws Exception {
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            try (Exchange exchange = wireUp(second).open()) {
                assertEquals(1, exchange.rank());
                exchange.fence();
            }
        });
        try (Exchange exchange = wireUp(first).open()) {
            exchange.fence();
            assertTrue(exchange.name().contains(name), exchange.name());
        }
        other.get();
        try (var left = Files.list(directory)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void withoutALaunchersExchangeRanksMeetAtRankZero() throws Exception {
        assertMeet("ISTHMUS_RANK=0 " + OWN, "ISTHMUS_RANK=1 " + OWN, "rendezvous at");
        // what differs from node to node does not part them
        assertMeet("OMPI_COMM_WORLD_RANK=0 PMIX_RANK=0 PMIX_SERVER_URI2=77.0;tcp4://x:1 " + ORTE,
                "OMPI_COMM_WORLD_RANK=1 PMIX_RANK=1 PMIX_SERVER_URI2=77.0;tcp4://y:2 " + ORTE, "rendezvous at");
        String slurm = "SLURM_NTASKS=2 SLURM_LOCALID=0 SLURM_STEP_TASKS_PER_NODE=1(x2) SLURM_JOB_ID=5 SLURM_STEP_ID=0";
        assertMeet("SLURM_PROCID=0 " + slurm, "SLURM_PROCID=1 " + slurm, "rendezvous at");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "PMI_RANK=0 PMI_SIZE=2 MPI_LOCALRANKID=0 MPI_LOCALNRANKS=1 PMI_FD=5; needs native access|enable-native-access",
        "PMIX_RANK=0 PMIX_NAMESPACE=n; the launcher offers PMIx|enable-native-access",
        "PMIX_RANK=0 PMIX_NAMESPACE=n ISTHMUS_WIREUP_METHOD=pmix; enable-native-access",
        "PMI_PORT=127.0.0.1:x PMI_ID=0; PMI_PORT=\"127.0.0.1:x\"",
        "PMI_PORT=127.0.0.1:1 PMI_ID=0 ISTHMUS_WIREUP_METHOD=pmix; offers nothing",
        "A=b; no variable of a launcher",
        "ISTHMUS_RANK=0 ISTHMUS_SIZE=2 ISTHMUS_JOB=j ISTHMUS_RENDEZVOUS=x ISTHMUS_SECRET=short; the job's secret has 5",
        "RANK=0 WORLD_SIZE=2 MASTER_ADDR=localhost MASTER_PORT=x ISTHMUS_SECRET=0; MASTER_PORT=\"x\"",
    })
    void whatIsMissingIsNamed(String variables, String parts) {
        String message = assertThrows(BootstrapException.class, () -> wireUp(variables).open()).getMessage();
        assertTrue(Arrays.stream(parts.split("\\|")).anyMatch(message::contains), message);
    }

    @Test
    void ranksAreNamedByTheExchangeOnlyWhereNothingElseDoes() {
        assertTrue(wireUp("PMIX_RANK=0 PMIX_NAMESPACE=n").namesRanksByExchangeOnly());
        assertTrue(wireUp("PMI_PORT=h:1 PMI_ID=0").namesRanksByExchangeOnly());
        assertFalse(wireUp("PMIX_RANK=0 PMIX_NAMESPACE=n OMPI_COMM_WORLD_RANK=0").namesRanksByExchangeOnly());
        assertFalse(wireUp("PMIX_RANK=0").namesRanksByExchangeOnly());
        assertFalse(wireUp("A=b").namesRanksByExchangeOnly());
    }

    @Test
    void theExchangeGivesEachRankItsIdentity() throws Exception {
        String place = OWN + "ISTHMUS_SHM_DIR=" + directory + " ";
        CompletableFuture<JobIdentity> other = CompletableFuture.supplyAsync(() -> meet("ISTHMUS_RANK=1 " + place));
        JobIdentity first = meet("ISTHMUS_RANK=0 " + place);
        assertEquals(new JobIdentity(first.launcher(), first.jobKey(), 0, 2, 0, 2), first);
        assertEquals(new JobIdentity(other.get().launcher(), first.jobKey(), 1, 2, 1, 2), other.get());
    }

    @Test
    void ranksWithoutCommonMemoryAreOnTwoNodes() throws Exception {
        CompletableFuture<JobIdentity> other = CompletableFuture.supplyAsync(
                () -> meet(OWN + "ISTHMUS_RANK=1 ISTHMUS_SHM_DIR=/proc"));
        JobIdentity first = meet(OWN + "ISTHMUS_RANK=0 ISTHMUS_SHM_DIR=" + directory);
        assertEquals(new JobIdentity(first.launcher(), first.jobKey(), 0, 2, 0, 1), first);
        assertEquals(new JobIdentity(other.get().launcher(), first.jobKey(), 1, 2, 0, 1), other.get());
    }

    private JobIdentity meet(String variables) {
        Settings settings = Settings.of(environment(variables), new Properties());
        try (SeveralNodes nodes = SeveralNodes.meet(wireUp(variables).open(), settings)) {
            return nodes.identity();
        }
    }

    @Test
    void ranksOfTorchrunMeetAtThePortWhenTheyHaveASecret() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String job = "WORLD_SIZE=2 MASTER_ADDR=localhost MASTER_PORT="
                + port + " ISTHMUS_SECRET=" + JobSecret.random().hex();
        assertMeet("RANK=0 " + job, "RANK=1 " + job, ":" + port);
    }
}
