package org.isthmus.node.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.isthmus.node.config.LauncherVariables;

/**
 * Finds out from a process's environment who it is in its job. A process with no launcher's variable is a job of one
 * rank. As soon as a launcher's variable is there, whatever else is needed must be there, well-formed and free of
 * contradiction: else {@link BootstrapException}, never N jobs of one rank.
 */
public final class LauncherEnvironment {
    private LauncherEnvironment() {}

    /** The identity of this process. */
    public static JobIdentity detect() {
        return detect(System.getenv(), LauncherProcess.find(System.getenv()));
    }

    /** As {@link #detect(Map, Optional)} for a process without a known launcher process. */
    public static JobIdentity detect(Map<String, String> environment) {
        return detect(environment, Optional.empty());
    }

    /**
     * The identity that an environment tells.
     *
     * @param environment variables by name
     * @param launcher the launcher found among the ancestors; needed where the environment has no job id
     */
    public static JobIdentity detect(Map<String, String> environment, Optional<LauncherProcess> launcher) {
        for (LauncherScheme scheme : LauncherScheme.values()) {
            if (scheme.speaks(environment)) {
                return new Reading(scheme, environment).identity(launcher);
            }
        }
        return new JobIdentity("none", "", 0, 1, 0, 1);
    }

    /** Where the parents of this process wait; empty unless a rank of ours spawned it. */
    public static Optional<String> parentPort(Map<String, String> environment) {
        for (LauncherScheme scheme : LauncherScheme.values()) {
            if (scheme.speaks(environment)) {
                return scheme == LauncherScheme.ISTHMUS
                        ? Optional.ofNullable(environment.get(LauncherVariables.PARENT_PORT)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Variables by which launchers other than ours number their ranks; our launcher removes them from its ranks. */
    public static Set<String> foreignVariables() {
        Set<String> names = new TreeSet<>();
        for (LauncherScheme scheme : LauncherScheme.values()) {
            if (scheme != LauncherScheme.ISTHMUS && scheme != LauncherScheme.TORCHRUN) {
                names.addAll(scheme.variables());
            }
        }
        names.addAll(JobWireUp.VARIABLES);
        return names;
    }

    /**
     * A process's place in its job, whichever node it is on.
     *
     * @param jobKey text equal on all ranks of the job on all nodes
     */
    record Place(String jobKey, int rank, int size) {}

    /** The place that an environment tells; an error where it tells none. */
    static Place place(Map<String, String> environment) {
        for (LauncherScheme scheme : LauncherScheme.values()) {
            if (scheme.speaks(environment)) {
                return new Reading(scheme, environment).place();
            }
        }
        throw new BootstrapException("no variable of a launcher is set, so this is a job of one rank");
    }

    /** Reads one launcher's variables. */
    private record Reading(LauncherScheme scheme, Map<String, String> environment) {
        JobIdentity identity(Optional<LauncherProcess> launcher) {
            if (scheme.size == null) {
                throw error("it does not say how many ranks there are");
            }
            int size = number(scheme.size, environment.get(scheme.size), 1, Integer.MAX_VALUE);
            if (size == 1 && !environment.containsKey(scheme.rank)) {
                return new JobIdentity(scheme.title, "", 0, 1, 0, 1);
            }
            int rank = number(scheme.rank, environment.get(scheme.rank), 0, size - 1);
            if (size == 1) {
                return new JobIdentity(scheme.title, scheme.jobKey(environment, launcher).orElse(""), 0, 1, 0, 1);
            }
            String jobKey = scheme.jobKey(environment, launcher).orElse(null);
            List<String> missing = new ArrayList<>();
            if (!environment.containsKey(scheme.localRank)) {
                missing.add(scheme.localRank);
            }
            Optional<String> localSizeText = scheme.localSizeText(environment);
            if (localSizeText.isEmpty()) {
                missing.add(scheme.localSizeSource());
            }
            if (jobKey == null) {
                missing.add(scheme.jobKeySource());
            }
            if (!missing.isEmpty()) {
                throw error("missing: " + String.join("; ", missing));
            }
            int localSize = localSize(localSizeText.get(), size);
            int localRank = number(scheme.localRank, environment.get(scheme.localRank), 0,
                    localSize == 0 ? size - 1 : localSize - 1);
            return new JobIdentity(scheme.title, scheme.name() + "|" + jobKey, rank, size, localRank, localSize);
        }

        Place place() {
            if (scheme.size == null) {
                throw error("it does not say how many ranks there are");
            }
            int size = number(scheme.size, environment.get(scheme.size), 1, Integer.MAX_VALUE);
            int rank = number(scheme.rank, environment.get(scheme.rank), 0, size - 1);
            String key = scheme.jobWideKey(environment).orElseThrow(() -> error("it has no text that is equal on all "
                    + "nodes, and PMI or PMIx cannot be used: they need java --enable-native-access=ALL-UNNAMED"));
            return new Place(scheme.name() + "|" + key, rank, size);
        }

        /**
         * Ranks on this node as the launcher says; 0 where it says so for each node in a way that does not tell which.
         */
        private int localSize(String text, int size) {
            boolean severalNodes = scheme == LauncherScheme.SLURM && text.matches("\\d+(\\(x\\d+\\))?(,.*)?")
                    && !text.matches("\\d+");
            return severalNodes ? 0 : number(scheme.localSizeSource(), text, 1, size);
        }

        private int number(String name, String text, int min, int max) {
            if (text == null) {
                throw error("missing: " + name);
            }
            try {
                int value = Integer.parseInt(text.strip());
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // falls through to the one message for both mistakes
            }
            throw error(name + "=\"" + text + "\" is not a whole number from " + min
                    + (max == Integer.MAX_VALUE ? "" : " to " + max));
        }

        private BootstrapException error(String problem) {
            Map<String, String> found = new TreeMap<>();
            for (String name : scheme.variables()) {
                if (environment.containsKey(name)) {
                    found.put(name, environment.get(name));
                }
            }
            String list = found.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue())
                    .collect(Collectors.joining(" "));
            return new BootstrapException("the environment says that " + scheme.title + " started this process (found: "
                    + list + "), but " + problem + ". " + advice());
        }

        private String advice() {
            String otherwise = "start the job with `isthmus run -n N ...`, or, for a job of one rank, unset "
                    + String.join(", ", scheme.variables());
            return "What to do: " + switch (scheme) {
                case SLURM -> "inside an allocation start the ranks with `srun` or `mpirun`; else " + otherwise;
                case PMIX -> "start the job with Open MPI's `mpirun` or `srun`; else " + otherwise;
                default -> "check that nothing between the launcher and this process changes the environment; else "
                        + otherwise;
            };
        }
    }
}
