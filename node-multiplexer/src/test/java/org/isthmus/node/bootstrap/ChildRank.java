package org.isthmus.node.bootstrap;

import java.nio.ByteBuffer;
import org.isthmus.node.config.Settings;

/** Main of the processes that {@link SessionTest} starts: joins, says so, then does what its argument says. */
public final class ChildRank {
    static final int EXIT_ON_FAILURE = 42;

    private ChildRank() {}

    public static void main(String[] args) throws Exception {
        System.out.println("starts");
        NodeSession session;
        try {
            session = NodeSessions.join(Settings.load());
        } catch (BootstrapException e) {
            System.out.println("refused: " + e.getMessage());
            System.exit(EXIT_ON_FAILURE);
            return;
        }
        int rank = session.identity().rank();
        session.onFailure(failure -> {
            System.out.println("failure of " + failure.rank() + " code " + failure.exitCode() + ": "
                    + failure.description());
            Runtime.getRuntime().halt(EXIT_ON_FAILURE);
        });
        if (rank == 0) {
            session.segment().write(ByteBuffer.wrap("written by rank 0".getBytes()), 0);
        }
        System.out.println("joined " + rank + " of " + session.identity().size() + " on " + session.processors()
                + " processors");
        switch (args[0]) {
            case "wait" -> System.in.read();
            case "stay" -> Thread.sleep(Long.MAX_VALUE);
            case "read" -> {
                System.in.read();
                ByteBuffer bytes = ByteBuffer.allocate(100);
                session.segment().read(bytes, 0);
                System.out.println("segment: " + new String(bytes.array(), 0, bytes.position()));
            }
            case "report" -> {
                System.in.read();
                session.reportFailure(7, "the stack trace of rank " + rank);
                Runtime.getRuntime().halt(7);
            }
            case "exit" -> {
                System.in.read();
                System.exit(0);
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
        session.close();
    }
}
