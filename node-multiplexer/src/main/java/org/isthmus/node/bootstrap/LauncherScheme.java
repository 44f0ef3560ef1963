package org.isthmus.node.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.isthmus.node.config.LauncherVariables;

/**
 * How one launcher tells a process its place in the job: names of environment variables, null where it has none. The
 * constants stand in the order in which they are asked: a launcher that may run inside another one comes first.
 * {@code isthmus run} removes the variables of other launchers from the environment of its ranks, so that one that is
 * there was set by a launcher started inside.
 */
enum LauncherScheme {
    OPEN_MPI("mpirun (Open MPI)", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK",
            "OMPI_COMM_WORLD_LOCAL_SIZE"),
    HYDRA("mpiexec (Hydra)", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "MPI_LOCALNRANKS") {
        @Override
        boolean speaks(Map<String, String> environment) {
            // srun --mpi=pmi2 and PALS set PMI_RANK too, but not the local rank
            return super.speaks(environment) && (environment.containsKey(localRank)
                    || !environment.containsKey(SLURM.rank) && !environment.containsKey(PALS.rank));
        }
    },
    MVAPICH("mpirun_rsh (MVAPICH2)", "MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_LOCAL_RANK",
            "MV2_COMM_WORLD_LOCAL_SIZE"),
    FLUX("flux run", "FLUX_TASK_RANK", "FLUX_JOB_SIZE", "FLUX_TASK_LOCAL_ID", null),
    PALS("PALS", "PALS_RANKID", "PMI_SIZE", "PALS_LOCAL_RANKID", "PMI_LOCAL_SIZE") {
        @Override
        boolean speaks(Map<String, String> environment) {
            return environment.containsKey(rank); // PMI_SIZE is Hydra's too
        }
    },
    JSM("jsrun", "JSM_NAMESPACE_RANK", "JSM_NAMESPACE_SIZE", "JSM_NAMESPACE_LOCAL_RANK", "JSM_NAMESPACE_LOCAL_SIZE"),
    SLURM("srun", "SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID", null) {
        @Override
        boolean speaks(Map<String, String> environment) {
            // a batch script has SLURM_PROCID=0 and no step, and is no rank
            return super.speaks(environment) && (environment.containsKey(size)
                    || environment.containsKey("SLURM_STEP_ID") || !"0".equals(environment.get(rank)));
        }
    },
    PMIX("a PMIx launcher", "PMIX_RANK", null, null, null),
    ISTHMUS("isthmus run", LauncherVariables.RANK, LauncherVariables.SIZE, LauncherVariables.LOCAL_RANK,
            LauncherVariables.LOCAL_SIZE),
    TORCHRUN("torchrun or alike", "RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE") {
        @Override
        boolean speaks(Map<String, String> environment) {
            return environment.containsKey(size); // RANK alone is too common a word
        }
    };

    final String title;
    final String rank;
    final String size;
    final String localRank;
    final String localSize;

    LauncherScheme(String title, String rank, String size, String localRank, String localSize) {
        this.title = title;
        this.rank = rank;
        this.size = size;
        this.localRank = localRank;
        this.localSize = localSize;
    }

    /** Whether this launcher, or the remains of one, shows in the environment. */
    boolean speaks(Map<String, String> environment) {
        return environment.containsKey(rank) || size != null && environment.containsKey(size);
    }

    /** Names of the variables that this launcher has. */
    List<String> variables() {
        List<String> names = new ArrayList<>();
        for (String name : new String[] {rank, size, localRank, localSize}) {
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    /** Number of ranks on this node as text, where a launcher says it otherwise than by one variable. */
    Optional<String> localSizeText(Map<String, String> environment) {
        return switch (this) {
            case SLURM -> Optional.ofNullable(environment.get("SLURM_STEP_TASKS_PER_NODE"))
                    .or(() -> Optional.ofNullable(environment.get("SLURM_GTIDS"))
                            .map(ids -> Integer.toString(ids.split(",").length)));
            case FLUX -> Optional.ofNullable(environment.get("FLUX_JOB_NNODES")).filter("1"::equals)
                    .map(one -> environment.get(size));
            default -> Optional.ofNullable(localSize == null ? null : environment.get(localSize));
        };
    }

    /** What {@link #localSizeText} reads, for messages. */
    String localSizeSource() {
        return switch (this) {
            case SLURM -> "SLURM_STEP_TASKS_PER_NODE";
            case FLUX -> "FLUX_JOB_NNODES";
            default -> localSize;
        };
    }

    /** Text that is equal on all ranks of the job on this node and belongs to no other job. */
    Optional<String> jobKey(Map<String, String> environment, Optional<LauncherProcess> launcher) {
        return switch (this) {
            case ISTHMUS -> joined(environment, LauncherVariables.JOB);
            case OPEN_MPI -> openMpiKey(environment);
            case SLURM -> joined(environment, "SLURM_JOB_ID", "SLURM_STEP_ID");
            case FLUX -> joined(environment, "FLUX_JOB_ID");
            case PALS -> joined(environment, "PALS_APID");
            case TORCHRUN -> joined(environment, "MASTER_ADDR", "MASTER_PORT");
            default -> launcher.map(process -> process.name() + ":" + process.pid() + ":" + process.startTicks());
        };
    }

    /** Text that is equal on all ranks of the job on all nodes, where the environment has one. */
    Optional<String> jobWideKey(Map<String, String> environment) {
        return switch (this) {
            // PMIX_SERVER_URI* names the server of one node
            case OPEN_MPI -> joined(environment, "PMIX_NAMESPACE")
                    .or(() -> joined(environment, "OMPI_MCA_ess_base_jobid"))
                    .map(job -> job + "|" + environment.getOrDefault("OMPI_MCA_orte_precondition_transports", ""));
            case HYDRA, MVAPICH, JSM, PMIX -> Optional.empty();
            default -> jobKey(environment, Optional.empty());
        };
    }

    /** What {@link #jobKey} reads, for messages. */
    String jobKeySource() {
        return switch (this) {
            case ISTHMUS -> LauncherVariables.JOB;
            case OPEN_MPI -> "PMIX_NAMESPACE with PMIX_SERVER_URI*, or OMPI_MCA_orte_precondition_transports, or "
                    + "OMPI_MCA_orte_hnp_uri";
            case SLURM -> "SLURM_JOB_ID and SLURM_STEP_ID";
            case FLUX -> "FLUX_JOB_ID";
            case PALS -> "PALS_APID";
            case TORCHRUN -> "MASTER_ADDR and MASTER_PORT";
            default -> "a launcher process (hydra_pmi_proxy, mpirun, mpiexec ...) among the ancestors of this process";
        };
    }

    private static Optional<String> openMpiKey(Map<String, String> environment) {
        String namespace = environment.get("PMIX_NAMESPACE");
        Optional<String> server = environment.keySet().stream().filter(name -> name.startsWith("PMIX_SERVER_URI"))
                .sorted().findFirst().map(environment::get);
        if (namespace != null && server.isPresent()) {
            String secret = environment.getOrDefault("OMPI_MCA_orte_precondition_transports", "");
            return Optional.of(namespace + "|" + server.get() + "|" + secret);
        }
        return joined(environment, "OMPI_MCA_orte_precondition_transports")
                .or(() -> joined(environment, "OMPI_MCA_orte_hnp_uri"))
                .map(key -> environment.getOrDefault("OMPI_MCA_ess_base_jobid", "") + "|" + key);
    }

    private static Optional<String> joined(Map<String, String> environment, String... names) {
        List<String> values = new ArrayList<>();
        for (String name : names) {
            String value = environment.get(name);
            if (value == null || value.isEmpty()) {
                return Optional.empty();
            }
            values.add(value);
        }
        return Optional.of(String.join(".", values));
    }
}
