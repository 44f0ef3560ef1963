package org.isthmus.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Two hosts with some network cards each, made of network namespaces; needs root and iproute2. */
final class TestHosts {
    static final int CARDS = 2;
    private static final Path SCRIPT = Path.of("..", "scripts", "testhosts.sh").toAbsolutePath().normalize();

    private final String name;
    private final int subnet;
    private final int cards;

    /** Makes them, or has the test skipped where that cannot be done. */
    TestHosts(String name, int subnet) throws Exception {
        this(name, subnet, CARDS);
    }

    /** @param cards of each host; without any they share the network and the RDMA devices of this machine */
    TestHosts(String name, int subnet, int cards) throws Exception {
        this.name = name;
        this.subnet = subnet;
        this.cards = cards;
        Assumptions.assumeTrue((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0, "root is needed");
        Assumptions.assumeTrue(Command.exists("ip"), "iproute2 is not installed");
        Assumptions.assumeTrue(script("up", "2", Integer.toString(cards)) == 0, "network namespaces cannot be made here");
    }

    /** Address of a card of a host; hosts from 1, cards from 0. */
    String address(int host, int card) {
        return "10." + subnet + "." + card + "." + host;
    }

    /** Name of the end of a host's card that lies outside of it, on this machine. */
    String cardOutside(int host, int card) {
        return name + host + "n" + card;
    }

    /** What a launcher starts to reach a host as it would by ssh. */
    String remoteShell() {
        return SCRIPT + " " + name + " rsh";
    }

    /** The same as one program, for launchers that take the path of one; written there. */
    Path remoteShellProgram(Path directory) throws IOException {
        Path program = Files.writeString(directory.resolve("remote-shell"), "#!/bin/sh\nexec " + remoteShell() + " \"$@\"\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    String hostName(int host) {
        return name + host;
    }

    /** Words that run what follows them on a host. */
    List<String> on(int host) {
        return List.of(SCRIPT.toString(), name, "exec", Integer.toString(host));
    }

    List<String> onFirst() {
        return on(1);
    }

    /** An isthmus run on both hosts, launched from the first. */
    List<String> isthmusRun(int ranksPerHost, String... arguments) {
        List<String> words = new ArrayList<>(onFirst());
        words.addAll(List.of(Command.JAVA, "-jar", Command.JAR.toString(), "run", "--hosts",
                host(1) + ":" + ranksPerHost + "," + host(2) + ":" + ranksPerHost, "--agent",
                SCRIPT + " " + name + " agent {host}"));
        words.addAll(Arrays.asList(arguments));
        return words;
    }

    /** Open MPI's mpirun of two ranks on both hosts, launched from the first, for the words that follow. */
    List<String> mpirun() {
        List<String> words = new ArrayList<>(onFirst());
        words.addAll(List.of("mpirun", "--allow-run-as-root", "--mca", "plm_rsh_agent", remoteShell(), "--mca",
                "oob_tcp_if_include", address(0, 0) + "/24", "-np", "4", "--host", address(1, 0) + ":2," + address(2, 0) + ":2"));
        return words;
    }

    private String host(int host) {
        return cards > 0 ? address(host, 0) : name + host;
    }

    Command run(Map<String, String> environment, List<String> words) throws Exception {
        return Command.run(environment, words.toArray(String[]::new));
    }

    void link(int host, int card, boolean up) throws Exception {
        script("link", Integer.toString(host), Integer.toString(card), up ? "up" : "down");
    }

    /** Shapes a card by tc's netem; false where the kernel has none. */
    boolean shape(int host, int card, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("netem", Integer.toString(host), Integer.toString(card)));
        all.addAll(Arrays.asList(words));
        return script(all.toArray(String[]::new)) == 0;
    }

    /** Runs words on a host that must succeed; what they print. */
    String must(int host, String... words) throws Exception {
        List<String> all = new ArrayList<>(on(host));
        all.addAll(Arrays.asList(words));
        Command command = run(Map.of(), all);
        if (command.exitCode() != 0) {
            throw new IllegalStateException(String.join(" ", words) + ": " + command.errors());
        }
        return command.output();
    }

    /** Files in the shared memory of both hosts. */
    List<Path> leftInSharedMemory() throws IOException {
        List<Path> left = new ArrayList<>();
        for (int host = 1; host <= 2; host++) {
            try (Stream<Path> files = Files.walk(Path.of("/run", "testhosts-" + name, name + host, "shm"))) {
                files.filter(Files::isRegularFile).forEach(left::add);
            }
        }
        return left;
    }

    private int script(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(SCRIPT.toString(), name));
        words.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(words).inheritIO();
        builder.environment().put("TESTHOSTS_SUBNET", Integer.toString(subnet));
        return builder.start().waitFor();
    }

    void down() throws Exception {
        script("down");
    }
}
