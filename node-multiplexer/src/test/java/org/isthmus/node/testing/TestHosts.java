package org.isthmus.node.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.isthmus.node.config.SearchPath;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two hosts with some network cards each, made of network namespaces; needs root and iproute2. A static field of a test
 * class with {@code @RegisterExtension}: they are there from before the class's first test until after its last; after
 * each test, and after what the class does then, nothing may be left in their shared memory. Where there can be no
 * namespaces the class is skipped; where there can, and the hosts are not made, it fails.
 *
 * <p>With the properties {@code isthmus.test.delay} (milliseconds each way) and {@code isthmus.test.loss} (percent of
 * the frames) every such test runs over {@link SlowNetworks}.
 */
public final class TestHosts implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    /** Network cards of each host, unless said otherwise. */
    public static final int CARDS = 2;

    private static final int HOSTS = 2;
    private static final double DELAY_MILLIS = Double.parseDouble(System.getProperty("isthmus.test.delay", "0"));
    private static final double LOST_PERCENT = Double.parseDouble(System.getProperty("isthmus.test.loss", "0"));
    private static final Path SCRIPT = Path.of("..", "scripts", "testhosts.sh").toAbsolutePath().normalize();

    private final String name;
    private final int subnet;
    private final int cards;
    private final List<String> programs;
    private SlowNetworks slow;

    /** @param programs the class is skipped where one of them is not installed */
    public TestHosts(String name, int subnet, String... programs) {
        this(name, subnet, CARDS, programs);
    }

    /** @param cards of each host; without any they share the network and the RDMA devices of this machine */
    public TestHosts(String name, int subnet, int cards, String... programs) {
        this.name = name;
        this.subnet = subnet;
        this.cards = cards;
        this.programs = List.of(programs);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        for (String program : programs) {
            assumeTrue(SearchPath.find(program).isPresent(), program + " is not installed");
        }
        assumeTrue((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "root is needed");
        assumeTrue(SearchPath.find("ip").isPresent(), "iproute2 is not installed");
        assumeTrue(Command.run(Map.of(), "unshare", "--net", "--mount", "true").exitCode() == 0,
                "network namespaces cannot be made here");
        assertEquals(0, script("up", Integer.toString(HOSTS), Integer.toString(cards)), "test hosts " + name
                + " were not made; see what the script says above");
        if (cards > 0 && (DELAY_MILLIS > 0 || LOST_PERCENT > 0)) {
            slow = SlowNetworks.of(this, DELAY_MILLIS, LOST_PERCENT);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        List<Path> left = new ArrayList<>();
        for (int host = 1; host <= HOSTS; host++) {
            try (Stream<Path> files = Files.walk(Path.of("/run", "testhosts-" + name, name + host, "shm"))) {
                files.filter(Files::isRegularFile).forEach(left::add);
            }
        }
        assertEquals(List.of(), left, "left in shared memory");
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (slow != null) {
            slow.close();
        }
        script("down");
    }

    /** Address of a card of a host; hosts from 1, cards from 0. */
    public String address(int host, int card) {
        return "10." + subnet + "." + card + "." + host;
    }

    /** Name of the end of a host's card that lies outside of it, on this machine. */
    public String cardOutside(int host, int card) {
        return name + host + "n" + card;
    }

    public String hostName(int host) {
        return name + host;
    }

    /** Both hosts with so many slots each, for the option {@code --hosts}. */
    public String list(int slots) {
        return host(1) + ":" + slots + "," + host(2) + ":" + slots;
    }

    /** What reaches them, for the option {@code --agent}. */
    public String agent() {
        return SCRIPT + " " + name + " agent {host}";
    }

    /** What a launcher starts to reach a host as it would by ssh. */
    public String remoteShell() {
        return SCRIPT + " " + name + " rsh";
    }

    /** The same as one program, for launchers that take the path of one; written there. */
    public Path remoteShellProgram(Path directory) throws IOException {
        Path program = Files.writeString(directory.resolve("remote-shell"),
                "#!/bin/sh\nexec " + remoteShell() + " \"$@\"\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    /** Words that run what follows them on a host. */
    public List<String> on(int host) {
        return List.of(SCRIPT.toString(), name, "exec", Integer.toString(host));
    }

    /** Open MPI's mpirun of two ranks on both hosts, launched from the first, for the words that follow. */
    public List<String> mpirun() {
        List<String> words = new ArrayList<>(on(1));
        words.addAll(List.of("mpirun", "--allow-run-as-root", "--mca", "plm_rsh_agent", remoteShell(), "--mca",
                "oob_tcp_if_include", address(0, 0) + "/24", "-np", "4", "--host", list(2)));
        return words;
    }

    private String host(int host) {
        return cards > 0 ? address(host, 0) : hostName(host);
    }

    public Command run(Map<String, String> environment, List<String> words) throws Exception {
        return Command.run(environment, words.toArray(String[]::new));
    }

    /** Takes a card of a host away, or brings it back. */
    public void link(int host, int card, boolean up) throws Exception {
        script("link", Integer.toString(host), Integer.toString(card), up ? "up" : "down");
    }

    /** Runs words on a host that must succeed; what they print. */
    public String must(int host, String... words) throws Exception {
        List<String> all = new ArrayList<>(on(host));
        all.addAll(Arrays.asList(words));
        Command command = run(Map.of(), all);
        if (command.exitCode() != 0) {
            throw new IllegalStateException(String.join(" ", words) + ": " + command.errors());
        }
        return command.output();
    }

    private int script(String... arguments) throws IOException, InterruptedException {
        return scriptProcess(arguments).inheritIO().start().waitFor();
    }

    ProcessBuilder scriptProcess(String... arguments) {
        List<String> words = new ArrayList<>(List.of(SCRIPT.toString(), name));
        words.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("TESTHOSTS_SUBNET", Integer.toString(subnet));
        return builder;
    }
}
