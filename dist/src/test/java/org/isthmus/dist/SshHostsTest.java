package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.testing.Command;
import org.isthmus.node.testing.TestHosts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code isthmus run --hosts} over a real ssh, its default agent. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class SshHostsTest {
    private static final int CANNOT_START = 127;
    private static final int SILENT = 77;
    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("lassh", 101, "ssh", "ssh-keygen", "sshd");
    private static SshServers ssh;

    @TempDir
    static Path directory;

    @BeforeAll
    static void start() throws Exception {
        ssh = new SshServers(HOSTS, directory);
    }

    @AfterAll
    static void end() {
        if (ssh != null) {
            ssh.close();
        }
    }

    private static Command run(Map<String, String> environment, String list, List<String> rank) throws Exception {
        List<String> words = new ArrayList<>(HOSTS.on(1));
        words.addAll(List.of(Command.JAVA, "-jar", IsthmusJar.JAR.toString(), "run", "--hosts", list));
        words.addAll(rank);
        return HOSTS.run(environment, words);
    }

    @Test
    void programsRun() throws Exception {
        String list = HOSTS.hostName(1) + ":2," + HOSTS.address(2, 0) + ":2";
        LaunchedPrograms.assertRunWell(rank -> run(ssh.path("user", "known_hosts"), list, rank));
    }

    @Test
    void theExitCodeOfARankOnTheOtherHostIsThatOfTheCommand() throws Exception {
        Command job = run(ssh.path("user", "known_hosts"), HOSTS.hostName(1) + "," + HOSTS.hostName(2),
                List.of("sh", "-c", "[ $ISTHMUS_RANK = 0 ] && exec sleep 1000; exit 7"));
        assertEquals(7, job.exitCode(), job.errors());
        assertTrue(job.errors().contains("rank 1 of 2 on host " + HOSTS.hostName(2) + " failed: exit code 7"),
                job.errors());
    }

    /** The words of ssh are shown, and ours name the host and say that nothing was started. */
    @ParameterizedTest
    @CsvSource({"stranger, known_hosts, 2, Permission denied", "user, no_hosts, 2, Host key verification failed",
        "user, known_hosts, 3, Could not resolve hostname", "user, known_hosts, " + SILENT + ", port 22:"})
    void aHostThatSshDoesNotReachIsNamedWithItsReason(String key, String knownHosts, int host, String reason)
            throws Exception {
        String name = host == SILENT ? HOSTS.address(SILENT, 0) : HOSTS.hostName(host);
        Command job = run(ssh.path(key, knownHosts), name + ":1", List.of("true"));
        assertUnusable(job, name, reason);
    }

    @Test
    void aHostWithoutAServerIsNamed() throws Exception {
        String address = HOSTS.address(2, 1); // its sshd listens at the first card only
        Command job = run(ssh.path("user", "known_hosts"), address, List.of("true"));
        assertUnusable(job, address, "Connection refused");
    }

    private static void assertUnusable(Command job, String host, String reason) {
        assertEquals(CANNOT_START, job.exitCode(), job.errors());
        assertTrue(job.errors().contains(reason), job.errors());
        assertTrue(job.errors().contains("host " + host + " cannot be used: its agent ended, exit code 255"),
                job.errors());
        assertTrue(job.errors().contains("no rank was started"), job.errors());
        assertTrue(job.errors().contains("by hand: ssh -o BatchMode=yes -T " + host + " true"), job.errors());
    }
}
