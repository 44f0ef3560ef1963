package org.isthmus.launch;

import java.util.List;

/** One subcommand of {@code isthmus}; {@link IsthmusCommand#SUBCOMMANDS} lists them. */
public interface Subcommand {
    String name();

    /** One line for the list of subcommands. */
    String summary();

    /** Usage, description and options. */
    String help();

    /**
     * Runs it with the arguments after its name; results go to standard output, messages to standard error.
     *
     * @return exit code of the process
     */
    int run(List<String> arguments) throws Exception;
}
