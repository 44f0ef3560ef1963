package org.isthmus.launch;

import java.util.Map;
import org.isthmus.node.bootstrap.LauncherEnvironment;
import org.isthmus.node.config.LauncherVariables;

/** A rank's place in its job, as its environment tells it. */
record RankPlace(int rank, int size, int localRank, int localSize) {
    /** Writes it into an environment, from which other launchers' variables are removed. */
    void tell(Map<String, String> environment, String jobKey) {
        environment.keySet().removeAll(LauncherEnvironment.foreignVariables());
        environment.remove(LauncherVariables.RENDEZVOUS);
        environment.remove(LauncherVariables.SECRET);
        environment.put(LauncherVariables.RANK, Integer.toString(rank));
        environment.put(LauncherVariables.SIZE, Integer.toString(size));
        environment.put(LauncherVariables.LOCAL_RANK, Integer.toString(localRank));
        environment.put(LauncherVariables.LOCAL_SIZE, Integer.toString(localSize));
        environment.put(LauncherVariables.JOB, jobKey);
        environment.put(LauncherVariables.LAUNCHER_PID, Long.toString(ProcessHandle.current().pid()));
    }
}
