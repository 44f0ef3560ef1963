package org.isthmus.node.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes all networks between test hosts slow and lossy until it is closed: every frame arrives so much later, and some
 * never do. The hosts need the program gcc. What makes them so ends with this process, or with the hosts, in any case.
 */
public final class SlowNetworks implements AutoCloseable {
    private static final Pattern REPORT =
            Pattern.compile("frames (\\d+) bytes (\\d+) lost (\\d+) overflowed (\\d+)");

    /** What was done to the frames of the Ethernet; overflowed: lost against our will. */
    public record Report(long frames, long bytes, long lost, long overflowed) {}

    private final Process process;
    private final BufferedReader output;

    private SlowNetworks(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /**
     * @param delayMillis of each way: a round trip takes twice that long
     * @param lostPercent of the frames, by chance but the same in each run
     */
    public static SlowNetworks of(TestHosts hosts, double delayMillis, double lostPercent) throws IOException {
        SlowNetworks slow = new SlowNetworks(hosts.scriptProcess("slow", Double.toString(delayMillis),
                Double.toString(lostPercent)).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        String said = slow.output.readLine();
        if (!"ready".equals(said)) {
            slow.process.destroy();
            throw new IOException("the networks of the test hosts were not made slow (" + said + "), see above");
        }
        return slow;
    }

    /** Makes the networks as before; what happened in them. */
    public Report end() throws IOException {
        process.outputWriter().close();
        Matcher report = REPORT.matcher(String.valueOf(output.readLine()));
        process.onExit().join();
        if (!report.matches()) {
            throw new IOException("what made the networks slow has ended early");
        }
        return new Report(Long.parseLong(report.group(1)), Long.parseLong(report.group(2)),
                Long.parseLong(report.group(3)), Long.parseLong(report.group(4)));
    }

    @Override
    public void close() throws IOException {
        process.outputWriter().close();
        process.onExit().join();
    }
}
