package org.isthmus.launch;

/** Exit codes of a job, as users of a shell know them. */
final class ExitCodes {
    static final int TIMED_OUT = 124;
    static final int CANNOT_START = 127;
    private static final int SIGNALLED = 128;
    private static final int HIGHEST_SIGNAL = 64;

    private ExitCodes() {}

    /** A rank's exit code in words. */
    static String describe(int code) {
        int signal = code - SIGNALLED;
        return signal > 0 && signal <= HIGHEST_SIGNAL ? "killed by signal " + signal + ", exit code " + code
                : "exit code " + code;
    }
}
