package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.isthmus.node.config.SearchPath;
import org.isthmus.node.testing.Command;
import org.isthmus.node.testing.TestHosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job over two hosts cannot start: it ends, says which address is at fault and why, and leaves nothing. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class SeveralHostsStartFaultTest {
    private static final Pattern VERDICT = Pattern.compile("isthmus run: rank ([0-3]) of 4 on host (\\S+) failed: ");
    /** On a very busy machine a rank of the first host may be late as well. */
    private static final Pattern MISSING = Pattern.compile(
            "rank\\(s\\) (0, |1, )?2, 3 of 4 did not come to the rendezvous within 8000 ms of the first one");

    @RegisterExtension
    static final TestHosts HOSTS = new TestHosts("laf", 102);

    /** What a job that cannot start says; it must name one of its ranks and leave nothing. */
    private static Command allreduce(Map<String, String> environment) throws Exception {
        return HOSTS.run(environment, IsthmusJar.run(HOSTS, 2, "examples/allreduce", "--sizes", "1"));
    }

    private static String failure(Map<String, String> environment) throws Exception {
        return failure(allreduce(environment));
    }

    private static String failure(Command job) {
        assertNotEquals(0, job.exitCode(), job.output());
        assertEquals(1, VERDICT.matcher(job.errors()).results().count(), job.errors());
        return job.errors();
    }

    private static void assertSays(String errors, String... parts) {
        for (String part : parts) {
            assertTrue(errors.contains(part), part + " is missing in: " + errors);
        }
    }

    /** The host, 1 or 2, whose rank was the first to fail. */
    private static int failedHost(String errors) {
        Matcher verdict = VERDICT.matcher(errors);
        assertTrue(verdict.find(), errors);
        int host = Integer.parseInt(verdict.group(1)) < 2 ? 1 : 2;
        assertEquals(HOSTS.address(host, 0), verdict.group(2), errors);
        return host;
    }

    @Test
    void aNetworkCardThatIsNotThere() throws Exception {
        String missing = HOSTS.address(9, 0);
        String errors = failure(Map.of("ISTHMUS_TCPX_ADDRESSES", missing));
        assertSays(errors, "cannot listen on " + missing, "isthmus.tcpx.addresses");
        assertTrue(Pattern.compile("the multiplexer of node [01] could not be started").matcher(errors).find(), errors);
    }

    @Test
    void goingOnWithoutARankIsRefusedBeforeAnythingRuns() throws Exception {
        Map<String, String> survive = Map.of("ISTHMUS_FAILURE", "survive");
        for (Command job : List.of(HOSTS.run(survive, IsthmusJar.run(HOSTS, 2, "examples/allreduce")),
                HOSTS.run(Map.of(), IsthmusJar.run(HOSTS, 2, "--resilient", "examples/allreduce")))) {
            assertEquals(2, job.exitCode(), job.errors());
            assertTrue(job.errors().contains("isthmus.failure=survive") && job.errors().contains("--hosts"),
                    job.errors());
            assertEquals("", job.output());
        }
    }

    /** The ranks of both hosts wait equally long, so those of either may be the first to give up. */
    @Test
    void aHostWhoseNetworkIsDown() throws Exception {
        for (int card = 0; card < TestHosts.CARDS; card++) {
            HOSTS.link(2, card, false);
        }
        try {
            String errors = failure(Map.of("ISTHMUS_WIREUP_TIMEOUT", "8s"));
            if (failedHost(errors) == 1) {
                assertTrue(MISSING.matcher(errors).find(), errors);
                assertSays(errors, "/" + HOSTS.address(1, 0) + ":");
            } else {
                assertSays(errors, "cannot reach the rendezvous of its job within 8000 ms",
                        "/" + HOSTS.address(1, 0) + ":", "Network is unreachable");
            }
        } finally {
            for (int card = 0; card < TestHosts.CARDS; card++) {
                HOSTS.link(2, card, true);
            }
        }
    }

    /**
     * Connections to the second host are swallowed, or refused; either node may be the first to give up. Those from the
     * second host are not: if its multiplexer is the first to begin one, that one serves both, and all is well.
     */
    @ParameterizedTest
    @ValueSource(strings = {"DROP", "REJECT --reject-with tcp-reset"})
    void aFirewallBetweenTheNodes(String target) throws Exception {
        assumeTrue(SearchPath.find("iptables").isPresent(), "iptables is not installed");
        String[] rule = ("INPUT -p tcp --syn -j " + target).split(" ");
        HOSTS.must(2, firewall("-I", rule));
        try {
            Command job = allreduce(Map.of("ISTHMUS_TCPX_TIMEOUT_CONNECT", "4s"));
            if (job.exitCode() == 0) {
                assertTrue(job.output().contains("verified"), job.output());
            } else {
                assertSays(failure(job), "was lost: node ", "no connection ", "/10.102.");
            }
        } finally {
            HOSTS.must(2, firewall("-D", rule));
        }
    }

    private static String[] firewall(String action, String... rule) {
        List<String> words = new ArrayList<>(List.of("iptables", action));
        words.addAll(Arrays.asList(rule));
        return words.toArray(String[]::new);
    }
}
