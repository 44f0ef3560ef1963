package org.isthmus.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.config.SearchPath;
import org.isthmus.node.testing.Command;
import org.isthmus.node.testing.TestHosts;

/**
 * An sshd on each test host and an {@code ssh} that knows them, with keys and configuration of their own: nothing of
 * this machine's ssh is used or changed.
 */
final class SshServers implements AutoCloseable {
    private static final int START_SECONDS = 30;
    private static final String OWN_PATH = System.getenv("PATH");

    private final TestHosts hosts;
    private final Path directory;
    private final List<Process> servers = new ArrayList<>();

    SshServers(TestHosts hosts, Path directory) throws Exception {
        this.hosts = hosts;
        this.directory = directory;
        Files.createDirectories(Path.of("/run/sshd")); // where sshd gives its rights away, on any machine
        key("user");
        key("stranger");
        Files.copy(directory.resolve("user.pub"), directory.resolve("authorized_keys"));
        StringBuilder known = new StringBuilder();
        for (int host = 1; host <= 2; host++) {
            key("host" + host);
            known.append(hosts.hostName(host)).append(',').append(hosts.address(host, 0)).append(' ')
                    .append(Files.readString(directory.resolve("host" + host + ".pub")));
            start(host);
        }
        Files.writeString(directory.resolve("known_hosts"), known);
        Files.writeString(directory.resolve("no_hosts"), "");
    }

    /** The variable PATH with an ssh in front that uses the keys and the list of known hosts of these names. */
    Map<String, String> path(String key, String knownHosts) throws IOException {
        Path programs = Files.createDirectories(directory.resolve("bin-" + key + "-" + knownHosts));
        Path ssh = Files.writeString(programs.resolve("ssh"), """
                #!/bin/sh
                exec %s -F none -i %s/%s -o IdentitiesOnly=yes -o ConnectTimeout=5 \\
                    -o UserKnownHostsFile=%s/%s -o GlobalKnownHostsFile=/dev/null "$@"
                """.formatted(SearchPath.find("ssh").orElseThrow(), directory, key, directory, knownHosts));
        Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwx------"));
        return Map.of("PATH", programs + ":" + OWN_PATH);
    }

    private void key(String name) throws Exception {
        Command made = Command.run(Map.of(), "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                directory.resolve(name).toString());
        if (made.exitCode() != 0) {
            throw new IllegalStateException("ssh-keygen: " + made.errors());
        }
    }

    private void start(int host) throws Exception {
        Path configuration = Files.writeString(directory.resolve("sshd_config." + host), """
                ListenAddress %s
                HostKey %s
                AuthorizedKeysFile %s
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                PermitRootLogin prohibit-password
                PidFile none
                """.formatted(hosts.address(host, 0), directory.resolve("host" + host),
                directory.resolve("authorized_keys")));
        Path log = directory.resolve("sshd.log." + host);
        List<String> words = new ArrayList<>(hosts.on(host));
        words.addAll(List.of(SearchPath.find("sshd").orElseThrow().toString(), "-D", "-e", "-f",
                configuration.toString()));
        Process server = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        servers.add(server);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.readString(log).contains("Server listening")) {
            if (!server.isAlive() || System.nanoTime() - deadline > 0) {
                close();
                throw new IllegalStateException("sshd does not start: " + Files.readString(log));
            }
            Thread.sleep(50);
        }
    }

    /** Ends the server of a host; its address then refuses connections. */
    void stop(int host) {
        Process server = servers.get(host - 1);
        server.descendants().forEach(ProcessHandle::destroyForcibly);
        server.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        for (int host = 1; host <= servers.size(); host++) {
            stop(host);
        }
    }
}
