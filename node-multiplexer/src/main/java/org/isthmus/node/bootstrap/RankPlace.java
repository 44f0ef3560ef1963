package org.isthmus.node.bootstrap;

import java.util.Map;
import org.isthmus.node.config.LauncherVariables;

/** A rank's place in a job that we start, as its environment tells it. */
public record RankPlace(int rank, int size, int localRank, int localSize) {
    /**
     * Writes it into the environment of a rank that this process launches; variables of other launchers and of a spawn
     * are removed.
     *
     * @param jobKey text that no other job has
     * @param application which program of the command line it runs
     * @param applications how many ranks each of them has, separated by spaces
     */
    public void tell(Map<String, String> environment, String jobKey, int application, String applications) {
        write(environment, jobKey);
        environment.remove(LauncherVariables.PARENT_PORT);
        environment.put(LauncherVariables.APPLICATION, Integer.toString(application));
        environment.put(LauncherVariables.APPLICATIONS, applications);
        environment.put(LauncherVariables.LAUNCHER_PID, Long.toString(ProcessHandle.current().pid()));
    }

    /**
     * The same for a rank that this rank spawns.
     *
     * @param parentPort where its parents wait
     * @param application which command of the spawn it runs
     */
    public void tellSpawned(Map<String, String> environment, String jobKey, String parentPort, int application) {
        write(environment, jobKey);
        environment.remove(LauncherVariables.LAUNCHER_PID);
        environment.remove(LauncherVariables.APPLICATIONS);
        environment.put(LauncherVariables.PARENT_PORT, parentPort);
        environment.put(LauncherVariables.APPLICATION, Integer.toString(application));
    }

    private void write(Map<String, String> environment, String jobKey) {
        environment.keySet().removeAll(LauncherEnvironment.foreignVariables());
        environment.remove(LauncherVariables.RENDEZVOUS);
        environment.remove(LauncherVariables.SECRET);
        environment.put(LauncherVariables.RANK, Integer.toString(rank));
        environment.put(LauncherVariables.SIZE, Integer.toString(size));
        environment.put(LauncherVariables.LOCAL_RANK, Integer.toString(localRank));
        environment.put(LauncherVariables.LOCAL_SIZE, Integer.toString(localSize));
        environment.put(LauncherVariables.JOB, jobKey);
    }
}
