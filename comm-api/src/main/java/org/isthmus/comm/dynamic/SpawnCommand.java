package org.isthmus.comm.dynamic;

import java.util.List;
import java.util.Map;

/**
 * One command of a spawn (MPI 3.1, section 10.3.2), already checked.
 *
 * @param command program, by path or by name
 * @param arguments what follows the program's name
 * @param processes how many to start, at least 1
 * @param info hints: {@code host}, {@code hostfile}, {@code wdir}, {@code path}
 */
public record SpawnCommand(String command, List<String> arguments, int processes, Map<String, String> info) {
    public SpawnCommand {
        arguments = List.copyOf(arguments);
        info = Map.copyOf(info);
    }
}
