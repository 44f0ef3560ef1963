package org.isthmus.node.bootstrap;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;

/**
 * Looks again and again whether a process still runs. Each rank of a node does so several times a second, so a look is
 * one read of a file that stays open, which the kernel binds to that process and no later one of its pid.
 *
 * <p>Any thread.
 */
final class LivenessProbe implements Closeable {
    /** Pid, name and state are in the first bytes; see proc(5). */
    private static final int PREFIX = 96;

    private final LauncherProcess process;
    /** Null if the process had ended before. */
    private final RandomAccessFile stat;
    private final byte[] text = new byte[PREFIX];

    LivenessProbe(LauncherProcess process) throws IOException {
        this.process = process;
        RandomAccessFile opened = open(process.pid());
        if (opened != null && !process.isAlive()) { // the file may be that of a later process
            opened.close();
            opened = null;
        }
        this.stat = opened;
    }

    private static RandomAccessFile open(long pid) {
        try {
            return new RandomAccessFile("/proc/" + pid + "/stat", "r");
        } catch (FileNotFoundException e) {
            return null; // no such process
        }
    }

    /** As {@link LauncherProcess#isAlive}. */
    synchronized boolean isAlive() {
        if (stat == null) {
            return false;
        }
        int length;
        try {
            stat.seek(0);
            length = stat.read(text);
        } catch (IOException e) {
            return false; // no such process any more
        }
        int close = length - 1;
        while (close >= 0 && text[close] != ')') {
            close--;
        }
        char state = close >= 0 && close + 2 < length ? (char) text[close + 2] : 'Z';
        return state != 'Z' && state != 'X' || process.isAlive();
    }

    @Override
    public void close() throws IOException {
        if (stat != null) {
            stat.close();
        }
    }

    @Override
    public String toString() {
        return process.toString();
    }
}
