package org.isthmus.node.config;

import java.util.Set;

/** Environment variables by which {@code isthmus run} tells a rank who it is; they are no settings. */
public final class LauncherVariables {
    public static final String RANK = "ISTHMUS_RANK";
    public static final String SIZE = "ISTHMUS_SIZE";
    public static final String LOCAL_RANK = "ISTHMUS_LOCAL_RANK";
    public static final String LOCAL_SIZE = "ISTHMUS_LOCAL_SIZE";
    /** Random text, equal on all ranks of the job. */
    public static final String JOB = "ISTHMUS_JOB";
    public static final String LAUNCHER_PID = "ISTHMUS_LAUNCHER_PID";
    /** Where the scripts look first for a JDK. */
    public static final String JAVA_HOME = "ISTHMUS_JAVA_HOME";

    public static final Set<String> ALL = Set.of(RANK, SIZE, LOCAL_RANK, LOCAL_SIZE, JOB, LAUNCHER_PID, JAVA_HOME);

    private LauncherVariables() {}
}
