package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job over two hosts cannot start: it ends, says which address is at fault and why, and leaves nothing. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SeveralHostsStartFaultTest {
    private static final Map<String, String> SHORT = Map.of("ISTHMUS_WIREUP_TIMEOUT", "8s", "ISTHMUS_TCPX_TIMEOUT_CONNECT",
            "4s");
    private static TestHosts hosts;

    @BeforeAll
    static void up() throws Exception {
        hosts = new TestHosts("laf", 102);
    }

    @AfterAll
    static void down() throws Exception {
        if (hosts != null) {
            hosts.down();
        }
    }

    private static void assertFails(Map<String, String> environment, String... parts) throws Exception {
        Map<String, String> all = new HashMap<>(SHORT);
        all.putAll(environment);
        Command job = hosts.run(all, hosts.isthmusRun(2, "examples/allreduce", "--sizes", "1"));
        assertNotEquals(0, job.exitCode(), job.output());
        for (String part : parts) {
            assertTrue(job.errors().contains(part), part + " is missing in: " + job.errors());
        }
        assertTrue(job.errors().contains("isthmus run: rank "), job.errors());
        assertEquals(List.of(), hosts.leftInSharedMemory());
    }

    @Test
    void aNetworkCardThatIsNotThere() throws Exception {
        String missing = hosts.address(9, 0);
        assertFails(Map.of("ISTHMUS_TCPX_ADDRESSES", missing), "cannot listen on " + missing, "isthmus.tcpx.addresses",
                "the multiplexer of node 0 could not be started");
    }

    @Test
    void goingOnWithoutARankIsRefusedBeforeAnythingRuns() throws Exception {
        Map<String, String> survive = Map.of("ISTHMUS_FAILURE", "survive");
        for (Command job : List.of(hosts.run(survive, hosts.isthmusRun(2, "examples/allreduce")),
                hosts.run(Map.of(), hosts.isthmusRun(2, "--resilient", "examples/allreduce")))) {
            assertEquals(2, job.exitCode(), job.errors());
            assertTrue(job.errors().contains("isthmus.failure=survive") && job.errors().contains("--hosts"), job.errors());
            assertEquals("", job.output());
        }
        assertEquals(List.of(), hosts.leftInSharedMemory());
    }

    @Test
    void aHostWhoseNetworkIsDown() throws Exception {
        for (int card = 0; card < TestHosts.CARDS; card++) {
            hosts.link(2, card, false);
        }
        try {
            assertFails(Map.of(), "cannot reach the rendezvous of its job within 8000 ms", "/" + hosts.address(1, 0) + ":",
                    "Network is unreachable", "on host " + hosts.address(2, 0) + " failed");
        } finally {
            for (int card = 0; card < TestHosts.CARDS; card++) {
                hosts.link(2, card, true);
            }
        }
    }

    /** Connections to the second host are swallowed, or refused; either node may be the first to give up. */
    @ParameterizedTest
    @ValueSource(strings = {"DROP", "REJECT --reject-with tcp-reset"})
    void aFirewallBetweenTheNodes(String target) throws Exception {
        assumeTrue(Command.exists("iptables"), "iptables is not installed");
        String[] rule = ("INPUT -p tcp --syn -j " + target).split(" ");
        hosts.must(2, firewall("-I", rule));
        try {
            assertFails(Map.of(), "was lost: node ", "no connection ", "/10.102.");
        } finally {
            hosts.must(2, firewall("-D", rule));
        }
    }

    private static String[] firewall(String action, String... rule) {
        List<String> words = new ArrayList<>(List.of("iptables", action));
        words.addAll(Arrays.asList(rule));
        return words.toArray(String[]::new);
    }
}
