package org.isthmus.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files by which the ranks of a job tell a test beside it that they are there: named by rank, in each a process id. */
final class RankIds {
    private RankIds() {}

    /** Says that this process is that rank, and is as far as the test waits for. */
    static void leave(String directory, int rank) throws IOException {
        String id = Long.toString(ProcessHandle.current().pid());
        Files.move(Files.writeString(Path.of(directory, "." + id), id), Path.of(directory, Integer.toString(rank)));
    }
}
