package org.isthmus.node.config;

import java.util.Set;

/** Environment variables by which {@code isthmus run} tells a rank who it is and whom to meet; they are no settings. */
public final class LauncherVariables {
    public static final String RANK = "ISTHMUS_RANK";
    public static final String SIZE = "ISTHMUS_SIZE";
    public static final String LOCAL_RANK = "ISTHMUS_LOCAL_RANK";
    public static final String LOCAL_SIZE = "ISTHMUS_LOCAL_SIZE";
    /** Random text, equal on all ranks of the job. */
    public static final String JOB = "ISTHMUS_JOB";
    public static final String LAUNCHER_PID = "ISTHMUS_LAUNCHER_PID";
    /** Where the launcher of a job over several hosts listens for its ranks: {@code host:port}, separated by commas. */
    public static final String RENDEZVOUS = "ISTHMUS_RENDEZVOUS";
    /** The secret of the job, 64 hexadecimal digits; set by our launcher, or by the user in all ranks alike. */
    public static final String SECRET = "ISTHMUS_SECRET";
    /** The port at which the processes that spawned this one wait for it; tells who may connect there: a secret. */
    public static final String PARENT_PORT = "ISTHMUS_PARENT_PORT";
    /** Which program of the launcher's command line, or of a spawn, this process runs, from 0. */
    public static final String APPLICATION = "ISTHMUS_APPLICATION";
    /** How many ranks each program of the launcher's command line has, separated by spaces. */
    public static final String APPLICATIONS = "ISTHMUS_APPLICATIONS";
    /** Where the scripts look first for a JDK. */
    public static final String JAVA_HOME = "ISTHMUS_JAVA_HOME";

    public static final Set<String> ALL = Set.of(RANK, SIZE, LOCAL_RANK, LOCAL_SIZE, JOB, LAUNCHER_PID, RENDEZVOUS,
            SECRET, PARENT_PORT, APPLICATION, APPLICATIONS, JAVA_HOME);

    private LauncherVariables() {}
}
