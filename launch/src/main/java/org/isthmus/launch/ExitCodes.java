package org.isthmus.launch;

/** Exit codes of a job, as users of a shell know them. */
final class ExitCodes {
    static final int TIMED_OUT = 124;
    static final int CANNOT_START = 127;
    private static final int SIGNALLED = 128;
    private static final int HIGHEST_SIGNAL = 64;

    private ExitCodes() {}

    static boolean isSignal(int code) {
        return code > SIGNALLED && code <= SIGNALLED + HIGHEST_SIGNAL;
    }

    /** A rank's exit code in words. */
    static String describe(int code) {
        return isSignal(code) ? "killed by signal " + (code - SIGNALLED) + ", exit code " + code : "exit code " + code;
    }
}
