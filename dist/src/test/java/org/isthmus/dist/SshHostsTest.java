package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code isthmus run --hosts} over a real ssh, its default agent. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class SshHostsTest {
    private static final int CANNOT_START = 127;
    private static final int SILENT = 77;
    private static TestHosts hosts;
    private static SshServers ssh;

    @TempDir
    static Path directory;

    @BeforeAll
    static void up() throws Exception {
        for (String program : List.of("ssh", "ssh-keygen", "sshd")) {
            assumeTrue(Command.exists(program), "OpenSSH's " + program + " is not installed");
        }
        hosts = new TestHosts("lassh", 101);
        ssh = new SshServers(hosts, directory);
    }

    @AfterAll
    static void down() throws Exception {
        if (ssh != null) {
            ssh.close();
        }
        if (hosts != null) {
            hosts.down();
        }
    }

    private static Command run(Map<String, String> environment, String list, List<String> rank) throws Exception {
        List<String> words = new ArrayList<>(hosts.onFirst());
        words.addAll(List.of(Command.JAVA, "-jar", Command.JAR.toString(), "run", "--hosts", list));
        words.addAll(rank);
        return hosts.run(environment, words);
    }

    @Test
    void programsRun() throws Exception {
        String list = hosts.hostName(1) + ":2," + hosts.address(2, 0) + ":2";
        LaunchedPrograms.assertRunWell(rank -> run(ssh.path("user", "known_hosts"), list, rank));
        assertEquals(List.of(), hosts.leftInSharedMemory());
    }

    @Test
    void theExitCodeOfARankOnTheOtherHostIsThatOfTheCommand() throws Exception {
        Command job = run(ssh.path("user", "known_hosts"), hosts.hostName(1) + "," + hosts.hostName(2),
                List.of("sh", "-c", "[ $ISTHMUS_RANK = 0 ] && exec sleep 1000; exit 7"));
        assertEquals(7, job.exitCode(), job.errors());
        assertTrue(job.errors().contains("rank 1 of 2 on host " + hosts.hostName(2) + " failed: exit code 7"), job.errors());
    }

    /** The words of ssh are shown, and ours name the host and say that nothing was started. */
    @ParameterizedTest
    @CsvSource({"stranger, known_hosts, 2, Permission denied", "user, no_hosts, 2, Host key verification failed",
        "user, known_hosts, 3, Could not resolve hostname", "user, known_hosts, " + SILENT + ", port 22:"})
    void aHostThatSshDoesNotReachIsNamedWithItsReason(String key, String knownHosts, int host, String reason)
            throws Exception {
        String name = host == SILENT ? hosts.address(SILENT, 0) : hosts.hostName(host);
        Command job = run(ssh.path(key, knownHosts), name + ":1", List.of("true"));
        assertUnusable(job, name, reason);
    }

    @Test
    void aHostWithoutAServerIsNamed() throws Exception {
        String address = hosts.address(2, 1); // its sshd listens at the first card only
        Command job = run(ssh.path("user", "known_hosts"), address, List.of("true"));
        assertUnusable(job, address, "Connection refused");
    }

    private static void assertUnusable(Command job, String host, String reason) {
        assertEquals(CANNOT_START, job.exitCode(), job.errors());
        assertTrue(job.errors().contains(reason), job.errors());
        assertTrue(job.errors().contains("host " + host + " cannot be used: its agent ended, exit code 255"), job.errors());
        assertTrue(job.errors().contains("no rank was started"), job.errors());
        assertTrue(job.errors().contains("by hand: ssh -o BatchMode=yes -T " + host + " true"), job.errors());
    }
}
