package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The files by which the ranks of a node find each other; they exist during wire-up only:
 *
 * <pre>
 *   SHM/isthmus-UID/            mode 0700, checked for owner, mode and kind
 *       TOKEN.lock              locked by local rank 0 for as long as TOKEN exists: lock free = owner dead
 *       TOKEN/                  mode 0700; TOKEN = SHA-256 of the job key
 *           control             Unix-domain socket of local rank 0
 *           segment             the node's segment, mode 0600
 * </pre>
 *
 * Local rank 0 calls {@link #create} and {@link #remove}; the other ranks {@link #verify}; any rank {@link #sweep}.
 */
final class JobDirectory {
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int PERMISSION_BITS = 07777;
    private static final int KIND_BITS = 0170000;
    private static final int DIRECTORY_KIND = 0040000;
    private static final int PRIVATE_DIRECTORY_BITS = 0700;
    private static final int TOKEN_BYTES = 16;
    /** sockaddr_un.sun_path holds 108 bytes, the last one zero. */
    private static final int SOCKET_PATH_LIMIT = 107;
    private static final long RETRY_MILLIS = 10;
    private static final String LOCK_SUFFIX = ".lock";

    private final Path base;
    private final String token;
    private final Path directory;
    private FileChannel lock;

    JobDirectory(Path sharedMemory, String jobKey) throws IOException {
        if (!Files.isDirectory(sharedMemory)) {
            throw new BootstrapException("the shared memory directory " + sharedMemory + " does not exist; mount a "
                    + "tmpfs there or name another directory by the setting isthmus.shm.dir (ISTHMUS_SHM_DIR)");
        }
        base = sharedMemory.resolve("isthmus-" + userId());
        token = HexFormat.of().formatHex(hash(jobKey), 0, TOKEN_BYTES);
        directory = base.resolve(token);
        int length = socket().toString().getBytes(StandardCharsets.UTF_8).length;
        if (length > SOCKET_PATH_LIMIT) {
            throw new BootstrapException("the socket path " + socket() + " has " + length + " bytes, the system allows "
                    + SOCKET_PATH_LIMIT + "; set isthmus.shm.dir (ISTHMUS_SHM_DIR) to a shorter path");
        }
    }

    static byte[] hash(String jobKey) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(jobKey.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Makes a file of size 0 for a job of one rank; it has no name any more when this returns. */
    static SegmentChannel unnamedSegment(Path sharedMemory) throws IOException {
        Path file = sharedMemory.resolve("isthmus-" + userId() + "-" + UUID.randomUUID());
        FileChannel channel = createFile(file);
        Files.delete(file);
        return new SegmentChannel(channel, file);
    }

    /** Whether that is what /proc says of an open segment file of a user's job, its name gone or not. */
    static boolean isSegment(String openFile, int user) {
        return openFile.matches(".*/isthmus-" + user + "(/[0-9a-f]{" + 2 * TOKEN_BYTES
                + "}/segment|-[0-9a-f-]{36})( [(]deleted[)])?");
    }

    Path socket() {
        return directory.resolve("control");
    }

    Path segment() {
        return directory.resolve("segment");
    }

    /**
     * Makes the directory and the segment file in it; what an earlier, dead job of the same key left is removed.
     *
     * @param deadline value of {@link System#nanoTime} until which to wait for another process to release the name
     */
    FileChannel create(long deadline) throws IOException, InterruptedException {
        FileChannel held = null;
        while (held == null) {
            makePrivateDirectory(base);
            try {
                verifyPrivate(base);
            } catch (NoSuchFileException e) {
                continue; // removed by a job that ended just now
            }
            held = acquire(token);
            if (held == null && System.nanoTime() - deadline > 0) {
                throw new BootstrapException("another process holds " + lockFile(token) + ": two processes say that "
                        + "they are rank 0 of this job; check that the launcher starts each rank once");
            }
            if (held == null) {
                Thread.sleep(RETRY_MILLIS);
            }
        }
        synchronized (this) {
            lock = held;
            deleteJob(token);
            Files.createDirectory(directory, PRIVATE_DIRECTORY);
            return createFile(segment());
        }
    }

    /** Removes every name that {@link #create} made, and the base directory unless another job uses it. */
    synchronized void remove() throws IOException {
        if (lock == null) {
            return;
        }
        deleteJob(token);
        Files.deleteIfExists(lockFile(token));
        lock.close();
        lock = null;
        deleteBaseIfEmpty();
    }

    /** Whether local rank 0 has made the directory; fails if somebody else could have. */
    boolean verify() throws IOException {
        try {
            verifyPrivate(base);
            verifyPrivate(directory);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    FileChannel openSegment() throws IOException {
        return FileChannel.open(segment(), StandardOpenOption.READ, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    /** Removes what jobs whose rank 0 died during wire-up left behind. */
    void sweep() throws IOException {
        Set<String> tokens = new TreeSet<>();
        try {
            verifyPrivate(base);
        } catch (NoSuchFileException e) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(base)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                tokens.add(name.endsWith(LOCK_SUFFIX) ? name.substring(0, name.length() - LOCK_SUFFIX.length()) : name);
            }
        } catch (NoSuchFileException e) {
            return;
        }
        if (lock != null) {
            tokens.remove(token); // opening and closing the file that we hold would drop the lock
        }
        for (String other : tokens) {
            try (FileChannel held = acquire(other)) {
                if (held != null) {
                    deleteJob(other);
                    Files.deleteIfExists(lockFile(other));
                }
            }
        }
        deleteBaseIfEmpty();
    }

    private Path lockFile(String name) {
        return base.resolve(name + LOCK_SUFFIX);
    }

    /**
     * The open, locked lock file, or null if a living process holds it. The file must not be opened a second time by
     * the process that holds it: closing any of its descriptors drops the lock (fcntl(2)).
     */
    private FileChannel acquire(String name) throws IOException {
        Path file = lockFile(name);
        while (true) {
            Object key = fileKey(file);
            if (key == null) {
                createLockFile(file);
                continue;
            }
            FileChannel channel;
            try {
                channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            } catch (NoSuchFileException e) {
                continue;
            }
            if (!tryLock(channel)) {
                channel.close();
                return null;
            }
            if (key.equals(fileKey(file))) {
                return channel;
            }
            channel.close(); // deleted by its holder between our open and our lock
        }
    }

    private void createLockFile(Path file) throws IOException {
        try {
            createFile(file).close();
        } catch (NoSuchFileException e) {
            makePrivateDirectory(base); // removed by a job that ended just now
        } catch (FileAlreadyExistsException e) {
            // made by another process just now
        }
    }

    /** Device and inode, or null if there is no such file. */
    private static Object fileKey(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this very process
        }
    }

    private void deleteJob(String name) throws IOException {
        Path job = base.resolve(name);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(job)) {
            for (Path entry : entries) {
                Files.deleteIfExists(entry);
            }
        } catch (NoSuchFileException e) {
            return;
        }
        Files.deleteIfExists(job);
    }

    private void deleteBaseIfEmpty() throws IOException {
        try {
            Files.deleteIfExists(base);
        } catch (DirectoryNotEmptyException e) {
            // another job of this user is being wired up
        }
    }

    static FileChannel createFile(Path file) throws IOException {
        return FileChannel.open(file, Set.<OpenOption>of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE), PRIVATE_FILE);
    }

    static void makePrivateDirectory(Path path) throws IOException {
        try {
            Files.createDirectory(path, PRIVATE_DIRECTORY);
        } catch (FileAlreadyExistsException e) {
            // the caller verifies what is there
        }
    }

    static void verifyPrivate(Path path) throws IOException {
        Map<String, Object> status = Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
        int owner = (Integer) status.get("uid");
        int mode = (Integer) status.get("mode");
        boolean directory = (mode & KIND_BITS) == DIRECTORY_KIND;
        if (owner != userId() || (mode & PERMISSION_BITS) != PRIVATE_DIRECTORY_BITS || !directory) {
            throw new BootstrapException(path + " cannot be trusted: it must be a directory of user " + userId()
                    + " with mode 0700, but it is a " + (directory ? "directory" : "file or link") + " of user " + owner
                    + " with mode 0" + Integer.toOctalString(mode & PERMISSION_BITS)
                    + "; remove it, or set isthmus.shm.dir (ISTHMUS_SHM_DIR) to another directory");
        }
    }

    static int userId() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }
}
