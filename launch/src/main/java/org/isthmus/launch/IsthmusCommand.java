package org.isthmus.launch;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.isthmus.node.config.NearestName;
import org.isthmus.node.config.SettingException;

/** Main class of isthmus.jar: {@code isthmus SUBCOMMAND ...}. Exit code 2 means that the command line is wrong. */
public final class IsthmusCommand {
    /** Every subcommand, in the order of the help. */
    static final List<Subcommand> SUBCOMMANDS =
            List.of(new RunCommand(), new InfoCommand(), new DoctorCommand(), new StatCommand(), new BenchCommand(),
            new SimulateCommand(), new AotCommand(), new JavaLineCommand(), new VersionCommand(), new HelpCommand());

    private static final int USAGE_ERROR = 2;

    private IsthmusCommand() {}

    public static void main(String[] args) throws Exception {
        System.exit(run(Arrays.asList(args)));
    }

    private static int run(List<String> arguments) throws Exception {
        String name = arguments.isEmpty() ? "help" : switch (arguments.getFirst()) {
            case "--help", "-h" -> "help";
            case "--version" -> "version";
            default -> arguments.getFirst();
        };
        try {
            return find(name).run(arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size()));
        } catch (UsageException e) {
            System.err.println("isthmus " + name + ": " + e.getMessage() + "\nTry `isthmus help`.");
            return USAGE_ERROR;
        } catch (SettingException e) {
            System.err.println("isthmus " + name + ": " + e.getMessage());
            return USAGE_ERROR;
        }
    }

    /** The subcommand of a name. */
    static Subcommand find(String name) {
        Optional<Subcommand> subcommand = SUBCOMMANDS.stream().filter(row -> row.name().equals(name)).findFirst();
        return subcommand.orElseThrow(() -> new UsageException("there is no subcommand " + name
                + NearestName.of(name, SUBCOMMANDS.stream().map(Subcommand::name).toList())
                        .map(nearest -> "; did you mean " + nearest + "?").orElse("")));
    }

    /** Version in the manifest of isthmus.jar. */
    static String version() {
        String version = IsthmusCommand.class.getPackage().getImplementationVersion();
        return version == null ? "(classes without a jar)" : version;
    }
}
