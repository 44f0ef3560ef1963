package org.isthmus.launch;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Puts the output of ranks on our own streams: as it comes, or line by line with the rank before each. One thread. */
final class RankOutput {
    private final boolean tagged;
    private final PrintStream out;
    private final PrintStream err;
    /** Incomplete lines by rank and stream. */
    private final Map<String, ByteArrayOutputStream> pending = new TreeMap<>();

    RankOutput(boolean tagged, PrintStream out, PrintStream err) {
        this.tagged = tagged;
        this.out = out;
        this.err = err;
    }

    void write(int rank, boolean error, byte[] bytes) {
        PrintStream target = error ? err : out;
        if (!tagged) {
            target.write(bytes, 0, bytes.length);
            target.flush();
            return;
        }
        ByteArrayOutputStream line =
                pending.computeIfAbsent(rank + (error ? "e" : "o"), key -> new ByteArrayOutputStream());
        for (byte b : bytes) {
            if (b == '\n') {
                print(rank, target, line);
            } else {
                line.write(b);
            }
        }
        target.flush();
    }

    /** Prints the last line of a rank that ended without a line feed. */
    void ended(int rank) {
        for (boolean error : new boolean[] {false, true}) {
            ByteArrayOutputStream line = pending.remove(rank + (error ? "e" : "o"));
            if (line != null && line.size() > 0) {
                print(rank, error ? err : out, line);
            }
        }
    }

    private static void print(int rank, PrintStream target, ByteArrayOutputStream line) {
        target.println("[" + rank + "] " + line.toString(StandardCharsets.UTF_8));
        line.reset();
    }
}
