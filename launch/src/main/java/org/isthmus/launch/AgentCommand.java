package org.isthmus.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The command that starts a Java program of ours on a host: ssh, or what the user gave, in which <code>{host}</code>
 * stands for the host. It may run the words as they are, or hand them to a shell as ssh does: so no word may need
 * quoting. Nothing secret is in them.
 */
record AgentCommand(List<String> words) {
    static final String HOST = "{host}";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

    /** The agent of a command line option. */
    static AgentCommand parse(String text) {
        List<String> words = new ArrayList<>(List.of(text.strip().split("\\s+")));
        if (words.getFirst().isEmpty()) {
            throw new IllegalArgumentException("a command is needed, such as \"ssh {host}\"");
        }
        if (words.stream().noneMatch(word -> word.contains(HOST))) {
            words.add(HOST);
        }
        return new AgentCommand(List.copyOf(words));
    }

    static AgentCommand ssh() {
        return new AgentCommand(List.of("ssh", "-o", "BatchMode=yes", "-T", HOST));
    }

    /** The words before the host, for launchers that append it. */
    String withoutHost() {
        if (words.indexOf(HOST) != words.size() - 1) {
            throw new UsageException("in the agent \"" + String.join(" ", words) + "\" " + HOST
                    + " must be the last word, since mpirun appends the host");
        }
        return String.join(" ", words.subList(0, words.size() - 1));
    }

    /** A command line with which a user sees whether this agent works. */
    String trial(String host) {
        return String.join(" ", reaching(host)) + " true";
    }

    private List<String> reaching(String host) {
        return words.stream().map(word -> word.replace(HOST, host)).toList();
    }

    /** The words that run a main class of isthmus.jar on a host. */
    List<String> on(String host, Class<?> main) {
        List<String> command = new ArrayList<>(reaching(host));
        List<String> program = List.of(JavaCommand.ownJava(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", ClassPath.ofIsthmus(), main.getName());
        for (String word : program) {
            if (!PLAIN.matcher(word).matches()) {
                throw new UsageException("\"" + word
                        + "\" holds a blank or another character that a remote shell would change; put java and"
                        + " isthmus.jar at paths of letters, digits and . _ - / only");
            }
        }
        command.addAll(program);
        return command;
    }

    /** Starts a main class of isthmus.jar on a host; its standard error is that of this process. */
    Process start(String host, Class<?> main) throws IOException {
        return new ProcessBuilder(on(host, main)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
