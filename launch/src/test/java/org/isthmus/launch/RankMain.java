package org.isthmus.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import org.isthmus.node.bootstrap.JobWireUp;
import org.isthmus.node.bootstrap.NodeSession;
import org.isthmus.node.bootstrap.NodeSessions;
import org.isthmus.node.bootstrap.exchange.Exchange;
import org.isthmus.node.bootstrap.exchange.NodeIdentity;
import org.isthmus.node.bootstrap.exchange.NodeMap;
import org.isthmus.node.config.LauncherVariables;
import org.isthmus.node.config.Settings;

/** Program of the ranks that {@link RunCommandTest} starts. */
public final class RankMain {
    private RankMain() {}

    public static void main(String[] args) throws Exception {
        int rank = Integer.parseInt(System.getenv(LauncherVariables.RANK));
        switch (args[0]) {
            case "print" -> System.out.println("rank " + rank + " of " + System.getenv(LauncherVariables.SIZE)
                    + " says " + String.join(" ", args));
            case "env" -> System.out.println(args[1] + "=" + System.getenv(args[1]));
            case "property" -> System.out.println(args[1] + "=" + System.getProperty(args[1]));
            case "stdin" -> System.out.println("rank " + rank + " read "
                    + new String(System.in.readAllBytes()).strip());
            case "exit" -> {
                if (rank == Integer.parseInt(args[1])) {
                    System.exit(Integer.parseInt(args[2]));
                }
                Thread.sleep(Long.MAX_VALUE);
            }
            case "exitAlone" -> {
                if (rank == Integer.parseInt(args[1])) {
                    System.exit(Integer.parseInt(args[2]));
                }
                System.out.println("rank " + rank + " goes on with " + System.getenv("ISTHMUS_FAILURE"));
            }
            case "throw" -> {
                if (rank == 1) {
                    throw new IllegalStateException("thrown by rank 1");
                }
                Thread.sleep(Long.MAX_VALUE);
            }
            case "sleep" -> {
                Files.writeString(Path.of(args[1]).resolve(Long.toString(ProcessHandle.current().pid())), "");
                Thread.sleep(Long.MAX_VALUE);
            }
            case "join" -> {
                NodeSession session = NodeSessions.join(Settings.load());
                session.onFailure(failure -> Runtime.getRuntime().halt(failure.exitCode()));
                Files.writeString(Path.of(args[1]).resolve(Long.toString(ProcessHandle.current().pid())), "");
                Thread.sleep(Long.MAX_VALUE);
            }
            case "joinUnless" -> {
                if (rank != Integer.parseInt(args[1])) {
                    NodeSessions.join(Settings.load());
                }
            }
            case "places" -> {
                try (NodeSession session = NodeSessions.join(Settings.load())) {
                    System.out.println("rank " + rank + " is one of " + session.ranks().count() + " on node "
                            + session.nodeOf(rank));
                }
            }
            case "nodes" -> {
                Settings settings = Settings.load();
                try (Exchange exchange = JobWireUp.ofThisProcess(settings).open()) {
                    NodeMap map = NodeMap.exchange(exchange, NodeIdentity.here(settings.get(Settings.SHM_DIRECTORY)));
                    exchange.fence();
                    System.out.println("rank " + rank + " local " + System.getenv(LauncherVariables.LOCAL_RANK) + " of "
                            + System.getenv(LauncherVariables.LOCAL_SIZE) + ": " + map);
                }
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }
}
