package org.isthmus.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LauncherEnvironmentTest {
    private static final Optional<LauncherProcess> PROXY =
            Optional.of(new LauncherProcess("hydra_pmi_proxy", 99, 1234));

    private static Map<String, String> environment(String text) {
        Map<String, String> map = new HashMap<>();
        for (String pair : text.strip().split("\\s+")) {
            map.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return map;
    }

    private static final String OWN = "ISTHMUS_RANK=2 ISTHMUS_SIZE=4 ISTHMUS_LOCAL_RANK=2 ISTHMUS_LOCAL_SIZE=4 "
            + "ISTHMUS_JOB=abc ";
    private static final String OPEN_MPI = "OMPI_COMM_WORLD_RANK=1 OMPI_COMM_WORLD_SIZE=2 OMPI_COMM_WORLD_LOCAL_RANK=1 "
            + "OMPI_COMM_WORLD_LOCAL_SIZE=2 PMIX_RANK=1 PMIX_NAMESPACE=77 PMIX_SERVER_URI2=77.0;tcp4://x:1 ";
    private static final String HYDRA = "PMI_RANK=0 PMI_SIZE=3 MPI_LOCALRANKID=0 MPI_LOCALNRANKS=3 PMI_FD=6 ";
    private static final String SLURM = "SLURM_PROCID=3 SLURM_NTASKS=4 SLURM_LOCALID=3 SLURM_STEP_TASKS_PER_NODE=4 "
            + "SLURM_JOB_ID=5 SLURM_STEP_ID=0 ";
    private static final String TORCHRUN = "RANK=1 WORLD_SIZE=2 LOCAL_RANK=1 LOCAL_WORLD_SIZE=2 MASTER_ADDR=localhost "
            + "MASTER_PORT=29500 ";

    @Test
    void noLauncherIsAJobOfOneRank() {
        assertEquals(new JobIdentity("none", "", 0, 1, 0, 1), LauncherEnvironment.detect(Map.of("PATH", "/bin")));
    }

    @Test
    void everyLauncherIsRead() {
        assertEquals(new JobIdentity("isthmus run", "ISTHMUS|abc", 2, 4, 2, 4),
                LauncherEnvironment.detect(environment(OWN)));
        assertEquals(new JobIdentity("mpirun (Open MPI)", "OPEN_MPI|77|77.0;tcp4://x:1|", 1, 2, 1, 2),
                LauncherEnvironment.detect(environment(OPEN_MPI)));
        assertEquals(new JobIdentity("mpiexec (Hydra)", "HYDRA|hydra_pmi_proxy:99:1234", 0, 3, 0, 3),
                LauncherEnvironment.detect(environment(HYDRA), PROXY));
        assertEquals(new JobIdentity("srun", "SLURM|5.0", 3, 4, 3, 4), LauncherEnvironment.detect(environment(SLURM)));
        assertEquals(new JobIdentity("torchrun or alike", "TORCHRUN|localhost.29500", 1, 2, 1, 2),
                LauncherEnvironment.detect(environment(TORCHRUN)));
    }

    @Test
    void innermostLauncherWins() {
        assertEquals("mpirun (Open MPI)", LauncherEnvironment.detect(environment(SLURM + OPEN_MPI)).launcher());
        assertEquals("mpiexec (Hydra)", LauncherEnvironment.detect(environment(SLURM + HYDRA), PROXY).launcher());
        assertEquals("srun", LauncherEnvironment.detect(environment(SLURM + "PMI_RANK=3 PMI_SIZE=4")).launcher());
        assertEquals("isthmus run", LauncherEnvironment.detect(environment(TORCHRUN + OWN)).launcher());
        assertEquals("mpirun (Open MPI)", LauncherEnvironment.detect(environment(OWN + OPEN_MPI)).launcher());
    }

    @Test
    void openMpiKeyFallsBackToWhatOrteGives() {
        String text = OPEN_MPI.replaceAll("PMIX_\\S+", "");
        assertEquals("OPEN_MPI|8|secret", LauncherEnvironment.detect(environment(
                text + "OMPI_MCA_ess_base_jobid=8 OMPI_MCA_orte_precondition_transports=secret")).jobKey());
        assertEquals("OPEN_MPI||0.0;tcp://h:1", LauncherEnvironment.detect(environment(
                text + "OMPI_MCA_orte_hnp_uri=0.0;tcp://h:1")).jobKey());
    }

    @Test
    void jobsOfOneLauncherWithDifferentKeysDiffer() {
        assertNotEquals(LauncherEnvironment.detect(environment(OPEN_MPI)).jobKey(),
                LauncherEnvironment.detect(environment(OPEN_MPI.replace("NAMESPACE=77", "NAMESPACE=78"))).jobKey());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "ISTHMUS_JOB=abc; ''; missing: ISTHMUS_JOB",
        "ISTHMUS_RANK=2; ''; missing: ISTHMUS_RANK",
        "ISTHMUS_SIZE=4; ''; missing: ISTHMUS_SIZE",
        "ISTHMUS_LOCAL_RANK=2; ''; missing: ISTHMUS_LOCAL_RANK",
        "ISTHMUS_LOCAL_SIZE=4; ''; missing: ISTHMUS_LOCAL_SIZE",
        "ISTHMUS_SIZE=4; ISTHMUS_SIZE=four; ISTHMUS_SIZE=\"four\" is not a whole number from 1",
        "ISTHMUS_SIZE=4; ISTHMUS_SIZE=0; ISTHMUS_SIZE=\"0\" is not",
        "ISTHMUS_SIZE=4; ISTHMUS_SIZE=2; ISTHMUS_RANK=\"2\" is not a whole number from 0 to 1",
        "ISTHMUS_RANK=2; ISTHMUS_RANK=-1; ISTHMUS_RANK=\"-1\" is not",
        "ISTHMUS_LOCAL_RANK=2; ISTHMUS_LOCAL_RANK=4; ISTHMUS_LOCAL_RANK=\"4\" is not a whole number from 0 to 3",
        "ISTHMUS_LOCAL_SIZE=4; ISTHMUS_LOCAL_SIZE=5; ISTHMUS_LOCAL_SIZE=\"5\" is not",
    })
    void whatIsWrongIsNamed(String from, String to, String message) {
        BootstrapException e = assertThrows(BootstrapException.class,
                () -> LauncherEnvironment.detect(environment(OWN.replace(from + " ", to + " "))));
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertTrue(e.getMessage().contains("What to do: "), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "OMPI_COMM_WORLD_SIZE=2; missing: OMPI_COMM_WORLD_RANK",
        "OMPI_COMM_WORLD_RANK=1; missing: OMPI_COMM_WORLD_SIZE",
        "OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=2; missing: OMPI_COMM_WORLD_LOCAL_RANK",
        "PMI_RANK=0 PMI_SIZE=2 MPI_LOCALRANKID=0 MPI_LOCALNRANKS=2; a launcher process (hydra_pmi_proxy",
        "SLURM_NTASKS=4; inside an allocation start the ranks with `srun`",
        "SLURM_PROCID=2; missing: SLURM_NTASKS",
        "PMIX_RANK=0; it does not say how many ranks there are",
        "WORLD_SIZE=2; missing: RANK",
        "FLUX_TASK_RANK=0 FLUX_JOB_SIZE=2 FLUX_TASK_LOCAL_ID=0 FLUX_JOB_NNODES=2 FLUX_JOB_ID=f; FLUX_JOB_NNODES",
    })
    void remainsOfALauncherAreNeverAJobOfOneRank(String variables, String message) {
        BootstrapException e = assertThrows(BootstrapException.class,
                () -> LauncherEnvironment.detect(environment(variables)));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"2(x2); 0", "3,1; 0", "3; 3"})
    void slurmOnSeveralNodesLeavesItToTheExchangeWhoIsHere(String tasksPerNode, int localSize) {
        JobIdentity identity = LauncherEnvironment.detect(
                environment(SLURM.replace("PER_NODE=4", "PER_NODE=" + tasksPerNode).replace("LOCALID=3", "LOCALID=2")));
        assertEquals(4, identity.size());
        assertEquals(localSize, identity.localSize());
    }

    @Test
    void aLauncherMaySayOneRank() {
        assertEquals(1,
                LauncherEnvironment.detect(environment("OMPI_COMM_WORLD_SIZE=1 OMPI_COMM_WORLD_RANK=0")).size());
        assertEquals(1, LauncherEnvironment.detect(environment("SLURM_NTASKS=1")).size());
    }

    @Test
    void aBatchScriptOfSlurmIsNoRank() {
        assertEquals("none", LauncherEnvironment.detect(environment("SLURM_JOB_ID=5 SLURM_PROCID=0")).launcher());
    }

    @Test
    void ourOwnVariablesAreNotForeign() {
        assertTrue(LauncherEnvironment.foreignVariables().contains("OMPI_COMM_WORLD_RANK"));
        assertTrue(LauncherEnvironment.foreignVariables().stream().noneMatch(name -> name.startsWith("ISTHMUS_")));
    }
}
