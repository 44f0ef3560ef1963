package org.isthmus.launch;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.config.SettingParsers;
import org.isthmus.node.status.JobStatus;
import org.isthmus.node.status.StatusReport;

/** {@code isthmus stat}: what a running job of this user on this node has counted. */
final class StatCommand implements Subcommand {
    private static final int MOST_SECONDS = 86400;

    private static final Option<Boolean> JSON =
            Option.flag("--json", "Print one JSON object a line, with every counter.");
    private static final Option<Boolean> LIST = Option.flag("--list", "Print only which jobs there are.");
    private static final Option<Integer> WATCH = new Option<>(List.of("--watch"), "SECONDS", null,
            SettingParsers.integer(1, MOST_SECONDS), "Print again after so many seconds, until the job has ended.");
    private static final OptionTable OPTIONS = new OptionTable(List.of(JSON, LIST, WATCH));

    @Override
    public String name() {
        return "stat";
    }

    @Override
    public String summary() {
        return "show what a running job has counted: messages, bytes, waits, links";
    }

    @Override
    public String help() {
        return """
                Usage: isthmus stat [OPTIONS] [JOB]

                Shows what the ranks of a job of this user have counted on this node since their start, and what its
                multiplexer has for each link to another node. JOB is the name that --list shows, or the process id of a
                rank or of its launcher; it may be left out while there is one job. The job is not disturbed.
                Exit code 1 if there is no such job.

                """ + OPTIONS.help();
    }

    @Override
    public int run(List<String> arguments) throws IOException, InterruptedException {
        OptionTable.Values values = OPTIONS.parse(arguments);
        if (values.get(OptionTable.HELP)) {
            System.out.print(help());
            return 0;
        }
        if (values.rest().size() > 1) {
            throw new UsageException("stat takes one job, got " + String.join(" ", values.rest()));
        }
        try (LiveJobs jobs = LiveJobs.find()) {
            if (values.get(LIST)) {
                for (JobStatus job : jobs.all()) {
                    System.out.println(StatusReport.title(job));
                }
                return 0;
            }
            String wanted = values.rest().isEmpty() ? null : values.rest().getFirst();
            List<LiveJobs.Node> nodes = jobs.choose(wanted);
            boolean json = values.get(JSON);
            print(nodes, json);
            while (values.get(WATCH) != null && nodes.stream().anyMatch(LiveJobs.Node::isAlive)) {
                TimeUnit.SECONDS.sleep(values.get(WATCH));
                if (!json) {
                    System.out.println();
                }
                print(nodes, json);
            }
            return 0;
        } catch (NoSuchJobException e) {
            System.err.println("isthmus stat: " + e.getMessage());
            return 1;
        }
    }

    private static void print(List<LiveJobs.Node> nodes, boolean json) throws IOException {
        StringBuilder text = new StringBuilder();
        for (LiveJobs.Node node : nodes) {
            text.append(text.isEmpty() || json ? "" : "\n")
                    .append(json ? StatusJson.of(node.read()) + "\n" : StatusReport.of(node.read()));
        }
        System.out.print(text);
        System.out.flush();
    }
}
