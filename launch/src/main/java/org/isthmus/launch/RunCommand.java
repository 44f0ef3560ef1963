package org.isthmus.launch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.isthmus.node.bootstrap.EndedRanks;
import org.isthmus.node.config.SearchPath;
import org.isthmus.node.config.SettingParsers;
import org.isthmus.node.config.Settings;

/** {@code isthmus run}: starts the ranks of a job on this node and supervises them. */
final class RunCommand implements Subcommand {
    private static final int MOST_RANKS = 4096;
    private static final String EXAMPLES = "examples/";
    private static final String SEPARATOR = ":";

    private static final Option<Integer> RANKS = new Option<>(List.of("-n", "-np"), "N", null,
            SettingParsers.integer(1, MOST_RANKS), "Number of ranks.");
    private static final Option<String> CLASS_PATH = new Option<>(List.of("-cp", "--class-path"), "PATH", null,
            text -> text, "Class path of Main.");
    private static final Option<Boolean> TAG_OUTPUT = Option.flag("--tag-output",
            "Put the rank before each line of output.");
    private static final Option<String> ENVIRONMENT = new Option<>(List.of("--env"), "NAME=VALUE", null,
            RunCommand::assignment, "Set an environment variable in all ranks; may be repeated.");
    private static final Option<String> JAVA = new Option<>(List.of("--java"), "PATH", null, text -> text,
            "The java to start; by default that of this command.");
    private static final Option<String> JVM_ARGUMENT = new Option<>(List.of("--jvm-arg"), "ARG", null, text -> text,
            "Option for the JVM of each rank; may be repeated.");
    private static final Option<Duration> TIMEOUT = new Option<>(List.of("--timeout"), "TIME", null,
            SettingParsers::duration, "End the job after this time (such as 90s) with exit code 124.");
    private static final Option<HostList> HOSTS = new Option<>(List.of("--hosts"), "HOST:SLOTS,...", null,
            HostList::parse, "Run on these hosts, each with at most so many ranks.");
    private static final Option<AgentCommand> AGENT = new Option<>(List.of("--agent"), "COMMAND", null,
            AgentCommand::parse, "How to run a command on {host}; by default ssh.");
    private static final Option<String> MAP_BY = new Option<>(List.of("--map-by"), "slot|node", "slot",
            SettingParsers.oneOf(List.of("slot", "node")),
            "Fill one host after the other, or deal the ranks out in turn.");
    private static final Option<String> LISTEN = new Option<>(List.of("--listen"), "ADDRESS", null, text -> text,
            "Address of this machine at which the ranks of --hosts meet; by default all of them.");
    private static final Option<Boolean> RESILIENT = Option.flag("--resilient",
            "Go on when a rank dies (setting isthmus.failure=survive).");
    private static final List<Option<?>> OF_THE_JOB =
            List.of(HOSTS, MAP_BY, AGENT, LISTEN, RESILIENT, TAG_OUTPUT, TIMEOUT);
    private static final OptionTable OPTIONS = new OptionTable(List.of(RANKS, HOSTS, MAP_BY, AGENT, LISTEN, RESILIENT,
            CLASS_PATH, TAG_OUTPUT, ENVIRONMENT, JAVA, JVM_ARGUMENT, TIMEOUT));

    @Override
    public String name() {
        return "run";
    }

    @Override
    public String summary() {
        return "run a program on N ranks of this node, or of several hosts";
    }

    @Override
    public String help() {
        return """
                Usage: isthmus run -n N [OPTIONS] [--] PROGRAM [ARGUMENTS] [: -n N [OPTIONS] PROGRAM [ARGUMENTS]]...

                PROGRAM is one of
                  java ...            a java command; isthmus.jar is put first on its class path
                  Main                a main class, with its class path in -cp (default: $CLASSPATH or .)
                  path.jar            a jar with a main class
                  Program.java        a source file
                  examples/NAME       an example of this project
                  program             any other program on $PATH, or with a slash in its name

                Programs with ":" between them are one job: the first one's ranks come first, and MPI.APPNUM says which
                program a rank runs. Each part has its own -n, -cp, --env, --java and --jvm-arg; the other options stand
                before the first ":".

                Standard input goes to rank 0. The first rank that fails ends the job; its exit code (128 + signal
                if it was killed) is that of this command. With --resilient the others go on, and the exit code is 0
                when one of them ends well.

                With --hosts, isthmus.jar, java and PROGRAM lie at the same paths on every host, and the working
                directory exists there. Settings (ISTHMUS_...) of this environment are passed on.

                """ + OPTIONS.help();
    }

    @Override
    public int run(List<String> arguments) throws Exception {
        List<OptionTable.Values> parts = new ArrayList<>();
        for (List<String> part : split(arguments)) {
            parts.add(OPTIONS.parse(part));
        }
        OptionTable.Values values = parts.getFirst();
        if (values.get(OptionTable.HELP)) {
            System.out.print(help());
            return 0;
        }
        HostList hosts = values.get(HOSTS);
        if (hosts == null) {
            for (Option<?> option : List.of(AGENT, LISTEN)) {
                if (values.get(option) != null) {
                    throw new UsageException("option " + option.names().getFirst() + " is of use with --hosts only");
                }
            }
        }
        check(parts, hosts);
        Settings settings = Settings.load(); // a wrong setting is told once, here, not by every rank
        boolean survives = values.get(RESILIENT) || settings.get(Settings.FAILURE).equals("survive");
        if (hosts != null) {
            if (survives) {
                throw new UsageException("a job with --hosts cannot go on when a rank dies: leave out --resilient and "
                        + Settings.FAILURE.key() + "=survive (" + Settings.FAILURE.environmentName()
                        + "), or run all ranks on this host, without --hosts");
            }
            JobPrograms programs = programs(parts, hosts.slots(), false);
            RankPlacement placement = RankPlacement.of(hosts, programs.size(),
                    RankPlacement.Order.valueOf(values.get(MAP_BY).toUpperCase(Locale.ROOT)));
            return new HostsLaunch(placement, values.get(AGENT), values.get(LISTEN), settings)
                    .run(programs, values.get(TAG_OUTPUT), values.get(TIMEOUT));
        }
        RankStarter starter = new RankStarter(programs(parts, 0, survives), values.get(TAG_OUTPUT));
        String sharedMemory = starter.environment().get(Settings.SHM_DIRECTORY.environmentName());
        EndedRanks ended = new EndedRanks(sharedMemory == null ? settings.get(Settings.SHM_DIRECTORY)
                : Path.of(sharedMemory), starter.jobKey(), starter.size());
        return new JobSupervisor(starter, ended, values.get(TIMEOUT), survives).run();
    }

    private static List<List<String>> split(List<String> arguments) {
        List<List<String>> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= arguments.size(); i++) {
            if (i == arguments.size() || arguments.get(i).equals(SEPARATOR)) {
                parts.add(arguments.subList(start, i));
                start = i + 1;
            }
        }
        return parts;
    }

    private static void check(List<OptionTable.Values> parts, HostList hosts) {
        int ranks = 0;
        for (int i = 0; i < parts.size(); i++) {
            OptionTable.Values part = parts.get(i);
            String where = parts.size() == 1 ? ""
                    : " in part " + (i + 1) + " of " + parts.size() + ", which \":\" parts";
            if (part.get(RANKS) == null && (hosts == null || parts.size() > 1)) {
                throw new UsageException("say how many ranks to run" + where + ": -n N");
            }
            if (part.rest().isEmpty()) {
                throw new UsageException("say what to run" + where
                        + ": a main class, a jar, java ... or examples/NAME");
            }
            for (Option<?> option : i == 0 ? List.<Option<?>>of() : OF_THE_JOB) {
                if (!part.all(option).isEmpty()) {
                    throw new UsageException("option " + option.names().getFirst() + " is for the whole job: it stands "
                            + "before the first \":\"");
                }
            }
            ranks += part.get(RANKS) == null ? 0 : part.get(RANKS);
        }
        if (ranks > MOST_RANKS) {
            throw new UsageException("the parts have " + ranks + " ranks together; at most " + MOST_RANKS
                    + " are possible");
        }
    }

    private static JobPrograms programs(List<OptionTable.Values> parts, int slots, boolean survives) {
        return new JobPrograms(parts.stream().map(part -> {
            Map<String, String> environment = new LinkedHashMap<>();
            for (String assignment : part.all(ENVIRONMENT)) {
                int equals = assignment.indexOf('=');
                environment.put(assignment.substring(0, equals), assignment.substring(equals + 1));
            }
            if (survives) {
                environment.put(Settings.FAILURE.environmentName(), "survive");
            }
            return new JobPrograms.Part(part.get(RANKS) == null ? slots : part.get(RANKS), command(part), environment);
        }).toList());
    }

    private static List<String> command(OptionTable.Values values) {
        List<String> words = values.rest();
        String first = words.getFirst();
        List<String> rest = words.subList(1, words.size());
        String java = values.get(JAVA) != null ? values.get(JAVA) : JavaCommand.ownJava();
        List<String> jvmArguments = values.all(JVM_ARGUMENT);
        String classPath = values.get(CLASS_PATH) != null ? values.get(CLASS_PATH)
                : JavaCommand.defaultClassPath();
        if (first.equals("java")) {
            return new JavaCommand(rest, classPath).build(java, jvmArguments);
        }
        if (first.endsWith("/java")) {
            return new JavaCommand(rest, classPath).build(first, jvmArguments);
        }
        if (first.endsWith(".jar")) {
            List<String> jar = new ArrayList<>(List.of("-jar"));
            jar.addAll(words);
            return new JavaCommand(jar, null).build(java, jvmArguments);
        }
        if (first.startsWith(EXAMPLES)) {
            Path jar = ClassPath.examplesJar().orElseThrow(() -> new UsageException(
                    "there is no isthmus-examples.jar beside isthmus.jar; build it with ./mvnw package"));
            List<String> example = new ArrayList<>();
            example.add(ExampleCatalog.mainClass(jar, first.substring(EXAMPLES.length())));
            example.addAll(rest);
            return new JavaCommand(example, jar.toString()).build(java, jvmArguments);
        }
        if (values.get(CLASS_PATH) == null && !first.endsWith(".java") && isProgram(first)) {
            return words;
        }
        return new JavaCommand(words, classPath).build(java, jvmArguments);
    }

    private static boolean isProgram(String word) {
        return word.contains("/") || SearchPath.find(word).isPresent();
    }

    private static String assignment(String text) {
        if (text.indexOf('=') <= 0) {
            throw new IllegalArgumentException("NAME=VALUE is needed");
        }
        return text;
    }
}
