package org.isthmus.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.isthmus.node.config.SearchPath;

/** The Open MPI installed here: compiles the benchmark loops in C and runs them. */
final class OpenMpi implements AutoCloseable {
    /** Lets mpirun run as the user that we are, with more ranks than cores. */
    static final Map<String, String> ENVIRONMENT = Map.of("OMPI_ALLOW_RUN_AS_ROOT", "1",
            "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");

    private static final String SOURCE = "/org/isthmus/benchmarks/peer.c";

    private final Path directory;
    private final Path program;

    private OpenMpi(Path directory) {
        this.directory = directory;
        this.program = directory.resolve("peer");
    }

    /** Looks on the PATH and compiles; empty, with a message, when there is none. */
    static Optional<OpenMpi> find() throws IOException, InterruptedException {
        if (SearchPath.find("mpirun").isEmpty() || SearchPath.find("mpicc").isEmpty()) {
            System.err.println("isthmus bench: no mpirun and mpicc on the PATH, so there is nothing to compare with");
            return Optional.empty();
        }
        String version = outputOf("mpirun", "--version");
        if (!version.contains("Open MPI")) {
            System.err.println("isthmus bench: mpirun is not Open MPI's; going on without it");
            return Optional.empty();
        }
        OpenMpi found = new OpenMpi(Files.createTempDirectory("isthmus-bench"));
        if (!found.compile()) {
            found.close();
            return Optional.empty();
        }
        System.err.println("isthmus bench: comparing with " + version.lines().findFirst().orElse(""));
        return Optional.of(found);
    }

    /**
     * @param hosts null for this one; on others the temporary directory must be the same file system
     * @param agent what reaches a host, null for ssh
     */
    List<String> command(int ranks, HostList hosts, AgentCommand agent, String metrics) {
        List<String> command = new ArrayList<>(List.of("mpirun", "--oversubscribe", "-np", Integer.toString(ranks)));
        if (hosts != null) {
            // it takes slots for cores, and spins unless there are more ranks than slots
            int most = hosts.hosts().stream().mapToInt(HostList.Host::slots).max().orElse(1);
            command.addAll(List.of("--host", hosts.toString(), "--mca", "mpi_yield_when_idle",
                    most > Runtime.getRuntime().availableProcessors() ? "1" : "0"));
        }
        if (agent != null) {
            // such hosts may share a machine, where all of them would bind their ranks to the same first cores
            command.addAll(List.of("--bind-to", "none", "--mca", "plm_rsh_agent", agent.withoutHost()));
        }
        command.addAll(List.of(program.toString(), metrics));
        return command;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(directory.resolve("peer.c"));
        Files.deleteIfExists(program);
        Files.deleteIfExists(directory);
    }

    private boolean compile() throws IOException, InterruptedException {
        Path source = directory.resolve("peer.c");
        try (InputStream text = OpenMpi.class.getResourceAsStream(SOURCE)) {
            if (text == null) {
                throw new IOException("isthmus.jar has no " + SOURCE);
            }
            Files.copy(text, source);
        }
        Process compiler = new ProcessBuilder("mpicc", "-O2", source.toString(), "-o", program.toString())
                .inheritIO().start();
        if (compiler.waitFor() != 0) {
            System.err.println("isthmus bench: mpicc failed; going on without Open MPI");
            return false;
        }
        return true;
    }

    private static String outputOf(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
