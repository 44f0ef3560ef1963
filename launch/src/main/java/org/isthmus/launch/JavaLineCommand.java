package org.isthmus.launch;

import java.util.List;
import java.util.Optional;

/** {@code isthmus java ...}: the command line of a rank, for the other launchers. */
final class JavaLineCommand implements Subcommand {
    @Override
    public String name() {
        return "java";
    }

    @Override
    public String summary() {
        return "print the java command line of a rank, for other launchers";
    }

    @Override
    public String help() {
        return """
                Usage: isthmus java [OPTION...] [MAIN ARGUMENT...]

                Prints the command line that `isthmus run ... java OPTION... MAIN ARGUMENT...` gives its ranks: the JDK's
                java, isthmus.jar on the class path, native access, and the cache with which ranks start faster.

                    mpirun -np 4 $(isthmus java -cp . App)
                """;
    }

    @Override
    public int run(List<String> arguments) {
        if (arguments.equals(List.of("--help"))) {
            System.out.print(help());
            return 0;
        }
        List<String> line = new JavaCommand(arguments, JavaCommand.defaultClassPath())
                .build(JavaCommand.ownJava(), List.of());
        Optional<String> split =
                line.stream().filter(word -> word.isEmpty() || word.matches("(?s).*\\s.*")).findFirst();
        if (split.isPresent()) {
            throw new UsageException("\"" + split.get() + "\" is one word with spaces, which the shell that reads this "
                    + "line would split; use names without spaces");
        }
        System.out.println(String.join(" ", line));
        return 0;
    }
}
