package org.isthmus.comm.dynamic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * Which host starts which process of a spawn. Info key {@code host} ({@code a,b} or {@code a:2,b:4}) or
 * {@code hostfile} (a line each: {@code a}, {@code a:2} or {@code a slots=2}) names hosts; without them all count.
 * Hosts with numbers are filled in their order; over others the processes of a command are spread in equal parts,
 * neighbours together.
 */
final class SpawnPlacement {
    private static final Pattern ENTRY =
            Pattern.compile("(\\[[^\\]]+\\]|[^:\\s]+)(?:(?::|\\s+slots=)([1-9]\\d{0,3}))?");

    private final List<SpawnHost> hosts;

    /** @param hosts that of the root first */
    SpawnPlacement(List<SpawnHost> hosts) {
        this.hosts = hosts;
    }

    /** A host and how many processes may go there. */
    private record Target(SpawnHost host, int slots) {}

    /** Index of the host of each process, by its rank. */
    int[] place(List<SpawnCommand> commands) {
        int[] placed = new int[commands.stream().mapToInt(SpawnCommand::processes).reduce(0, Math::addExact)];
        int rank = 0;
        for (SpawnCommand command : commands) {
            List<Target> targets = targets(command);
            int[] shares = shares(command, targets);
            for (int i = 0; i < shares.length; i++) {
                Arrays.fill(placed, rank, rank + shares[i], hosts.indexOf(targets.get(i).host()));
                rank += shares[i];
            }
        }
        return placed;
    }

    private static int[] shares(SpawnCommand command, List<Target> targets) {
        int[] shares = new int[targets.size()];
        boolean numbered = targets.stream().anyMatch(target -> target.slots() > 0);
        int left = command.processes();
        for (int i = 0; i < shares.length; i++) {
            int even = (left + shares.length - i - 1) / (shares.length - i);
            shares[i] = numbered ? Math.min(left, Math.max(1, targets.get(i).slots())) : even;
            left -= shares[i];
        }
        if (left > 0) {
            throw failure(command, "does not fit: it has " + command.processes()
                    + " processes, and the hosts named have " + (command.processes() - left)
                    + " slots; raise the numbers behind the hosts, or leave them out");
        }
        return shares;
    }

    private List<Target> targets(SpawnCommand command) {
        String list = command.info().get("host");
        String file = command.info().get("hostfile");
        if (list == null && file == null) {
            return hosts.stream().map(host -> new Target(host, 0)).toList();
        }
        List<String> entries = list != null ? List.of(list.split(",", -1)) : lines(command, file);
        List<Target> targets = new ArrayList<>();
        for (String entry : entries) {
            Matcher matcher = ENTRY.matcher(entry.strip());
            if (!matcher.matches()) {
                throw failure(command, "has the entry \"" + entry + "\" in its info key " + (list != null ? "host"
                        : "hostfile (" + file + ")") + ", which is not HOST or HOST:SLOTS");
            }
            String name = matcher.group(1).replaceAll("[\\[\\]]", "");
            SpawnHost found = hosts.stream().filter(host -> host.isCalled(name)).findFirst()
                    .orElseGet(() -> name.equals("localhost") ? hosts.getFirst() : null);
            if (found == null) {
                throw failure(command, "is to run on host " + name
                        + ", on which no rank of the communicator runs; processes can be spawned on "
                        + hosts.stream().map(SpawnHost::name).collect(Collectors.joining(", ")));
            }
            targets.add(new Target(found, matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2))));
        }
        return targets;
    }

    private static List<String> lines(SpawnCommand command, String file) {
        try {
            List<String> lines = Files.readAllLines(Path.of(file)).stream()
                    .map(line -> line.replaceFirst("#.*", "").strip()).filter(line -> !line.isEmpty()).toList();
            if (lines.isEmpty()) {
                throw failure(command, "has a file of hosts (info key hostfile) " + file + " that names none");
            }
            return lines;
        } catch (IOException e) {
            throw failure(command, "has a file of hosts (info key hostfile) that cannot be read: " + e);
        }
    }

    private static CommException failure(SpawnCommand command, String reason) {
        return new CommException(ErrorClass.SPAWN, "command \"" + command.command() + "\" " + reason);
    }
}
