package org.isthmus.comm.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps parts of a file to one rank for a while: among processes by the operating system's locks, which hold between
 * nodes where the file system has them; within a process, where those do not count, by one lock for each file.
 *
 * <p>The operating system drops all locks of a process on a file when it closes any of its handles: so closing takes
 * the lock too.
 */
final class RangeLocks {
    private static final Map<Object, RangeLocks> BY_FILE = new HashMap<>();

    private final Object key;
    private final ReentrantLock inProcess = new ReentrantLock();
    private int users;

    private RangeLocks(Object key) {
        this.key = key;
    }

    /** What is done while a range is locked. */
    interface Work {
        void run();
    }

    /** The locks of the file that {@code channel} was just opened on; the channel is closed if they cannot be had. */
    static RangeLocks of(Path path, FileChannel channel) throws IOException {
        Object key;
        try {
            Object inode = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            key = inode == null ? path.toRealPath() : inode;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        synchronized (BY_FILE) {
            RangeLocks locks = BY_FILE.computeIfAbsent(key, RangeLocks::new);
            locks.users++;
            return locks;
        }
    }

    /** Does {@code work} while nobody else has locked any of {@code [start, end)}. */
    void with(Storage storage, FileChannel channel, long start, long end, boolean shared, Work work) {
        inProcess.lock();
        try (FileLock lock = channel.lock(start, end - start, shared)) {
            if (!lock.isValid()) {
                throw new IOException("the lock was lost");
            }
            work.run();
        } catch (IOException e) {
            throw storage.error("cannot lock bytes " + start + " to " + end + " of", e);
        } finally {
            inProcess.unlock();
        }
    }

    void close(FileChannel channel) throws IOException {
        inProcess.lock();
        try {
            channel.close();
        } finally {
            inProcess.unlock();
            synchronized (BY_FILE) {
                if (--users == 0) {
                    BY_FILE.remove(key);
                }
            }
        }
    }
}
