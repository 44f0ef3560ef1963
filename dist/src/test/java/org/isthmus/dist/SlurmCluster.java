package org.isthmus.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.testing.Command;
import org.isthmus.node.testing.TestHosts;

/** Slurm on two test hosts, without any service of this machine: a controller on the first and a daemon on each. */
final class SlurmCluster implements AutoCloseable {
    private static final int CONTROLLER_PORT = 26817;
    private static final int DAEMON_PORT = 26818;
    private static final int START_SECONDS = 60;

    private final TestHosts hosts;
    private final Path directory;
    private final List<Process> daemons = new ArrayList<>();

    /** Starts it; returns when both nodes take jobs. */
    SlurmCluster(TestHosts hosts, Path directory) throws Exception {
        this.hosts = hosts;
        this.directory = directory;
        // the tests' hosts have no control groups; Slurm looks for them all the same
        Files.writeString(directory.resolve("cgroup.conf"), "CgroupPlugin=cgroup/v1\n");
        Files.createDirectory(directory.resolve("state"));
        for (int host = 1; host <= 2; host++) {
            Files.createDirectory(directory.resolve("spool." + hosts.hostName(host)));
            Files.createDirectory(directory.resolve("tmp." + hosts.hostName(host)));
        }
        Files.writeString(configuration(), configurationText());
        start(1, "slurmctld", "-D", "-f", configuration().toString());
        for (int host = 1; host <= 2; host++) {
            start(host, "slurmd", "-D", "-N", hosts.hostName(host), "-f", configuration().toString());
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!states().equals(List.of("idle", "idle"))) {
            if (System.nanoTime() - deadline > 0) {
                String logs = logs();
                close();
                throw new IllegalStateException("Slurm's nodes are not ready after " + START_SECONDS + " s: " + logs);
            }
            Thread.sleep(200);
        }
    }

    /** Whether srun knows a value of its option --mpi. */
    boolean offers(String type) throws Exception {
        Command list = hosts.run(Map.of(), command(1, "srun", "--mpi=list"));
        return (list.output() + list.errors()).lines().map(String::strip).anyMatch(type::equals);
    }

    /** A job on both nodes, two ranks on each. */
    Command srun(Map<String, String> environment, String type, List<String> rank) throws Exception {
        List<String> words = new ArrayList<>(command(1, "srun", "--mpi=" + type, "-N", "2", "-n", "4"));
        words.addAll(rank);
        return hosts.run(environment, words);
    }

    private Path configuration() {
        return directory.resolve("slurm.conf");
    }

    private String configurationText() {
        StringBuilder text = new StringBuilder("""
                ClusterName=isthmus
                SlurmctldHost=%s(%s)
                SlurmctldPort=%d
                AuthType=auth/none
                CredType=cred/none
                SlurmUser=root
                SlurmdUser=root
                ProctrackType=proctrack/pgid
                TaskPlugin=task/none
                JobAcctGatherType=jobacct_gather/none
                SelectType=select/linear
                SlurmdParameters=config_overrides
                StateSaveLocation=%4$s/state
                SlurmctldPidFile=%4$s/slurmctld.pid
                SlurmctldLogFile=%4$s/slurmctld.log
                SlurmdPidFile=%4$s/slurmd.%%n.pid
                SlurmdLogFile=%4$s/slurmd.%%n.log
                SlurmdSpoolDir=%4$s/spool.%%n
                TmpFS=%4$s/tmp.%%n
                PartitionName=all Nodes=ALL Default=YES OverSubscribe=FORCE:4 State=UP
                """.formatted(hosts.hostName(1), hosts.address(1, 0), CONTROLLER_PORT, directory));
        for (int host = 1; host <= 2; host++) {
            text.append("NodeName=%1$s NodeHostname=%1$s NodeAddr=%2$s Port=%3$d CPUs=4%n"
                    .formatted(hosts.hostName(host), hosts.address(host, 0), DAEMON_PORT));
        }
        return text.toString();
    }

    private List<String> command(int host, String... words) {
        List<String> all = new ArrayList<>(hosts.on(host));
        all.addAll(List.of("env", "SLURM_CONF=" + configuration()));
        all.addAll(List.of(words));
        return all;
    }

    private void start(int host, String... words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(host, words)).redirectErrorStream(true)
                .redirectOutput(directory.resolve(words[0] + "." + host + ".out").toFile());
        daemons.add(builder.start());
    }

    private List<String> states() throws Exception {
        return hosts.run(Map.of(), command(1, "sinfo", "-h", "-N", "-o", "%T")).output().lines().toList();
    }

    private String logs() throws IOException {
        StringBuilder text = new StringBuilder();
        try (var files = Files.newDirectoryStream(directory, "*.{log,out}")) {
            for (Path file : files) {
                text.append(file.getFileName()).append(":\n").append(Files.readString(file));
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        for (Process daemon : daemons) {
            daemon.descendants().forEach(ProcessHandle::destroyForcibly);
            daemon.destroyForcibly();
        }
        daemons.forEach(daemon -> daemon.onExit().join());
    }
}
