package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Names under which processes of one user on one machine find each other's ports (MPI 3.1, section 10.4.4):
 *
 * <pre>
 *   SHM/isthmus-UID-names/      mode 0700, checked for owner, mode and kind
 *       DIGEST                  mode 0600; SHA-256 of the service's name; the port's name; locked by its publisher
 * </pre>
 *
 * A file whose lock is free is left over from a process that was killed; who meets it removes it. Any thread may call.
 */
public final class PublishedNames implements AutoCloseable {
    private static final int ATTEMPTS = 10;

    private final Path sharedMemory;
    /** Files that this process holds, by service. */
    private final Map<String, Entry> published = new HashMap<>();

    private record Entry(String port, Path file, FileChannel lock) {}

    public PublishedNames(Path sharedMemory) {
        this.sharedMemory = sharedMemory;
    }

    /** Publishes; false if the name is taken by a living process. */
    public synchronized boolean publish(String service, String port) throws IOException {
        for (int attempt = 1;; attempt++) {
            try {
                return tryToPublish(service, port);
            } catch (NoSuchFileException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                } // else a process that took its last name back has removed the directory just now
            }
        }
    }

    private boolean tryToPublish(String service, String port) throws IOException {
        Path directory = directory();
        JobDirectory.makePrivateDirectory(directory);
        JobDirectory.verifyPrivate(directory);
        if (published.containsKey(service) || lookup(service).isPresent()) {
            return false;
        }
        Path file = file(directory, service);
        Path draft = directory.resolve(UUID.randomUUID().toString());
        FileChannel channel = JobDirectory.createFile(draft);
        boolean linked = false;
        try {
            channel.lock();
            ByteBuffer text = StandardCharsets.UTF_8.encode(port);
            while (text.hasRemaining()) {
                channel.write(text);
            }
            Files.createLink(file, draft);
            linked = true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            Files.deleteIfExists(draft);
            if (!linked) {
                channel.close();
            }
        }
        published.put(service, new Entry(port, file, channel));
        return true;
    }

    /** Takes back what this process published; false if it did not publish that port under that name. */
    public synchronized boolean unpublish(String service, String port) throws IOException {
        Entry entry = published.get(service);
        if (entry == null || !entry.port().equals(port)) {
            return false;
        }
        remove(entry);
        published.remove(service);
        return true;
    }

    /** The port published under a name by a process that lives. */
    public synchronized Optional<String> lookup(String service) throws IOException {
        Entry own = published.get(service);
        if (own != null) {
            return Optional.of(own.port());
        }
        Path directory = directory();
        Path file = file(directory, service);
        try {
            JobDirectory.verifyPrivate(directory);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS)) {
                if (isFree(channel)) {
                    Files.deleteIfExists(file);
                    deleteIfEmpty(directory);
                    return Optional.empty();
                }
                ByteBuffer text = ByteBuffer.allocate((int) channel.size());
                while (text.hasRemaining() && channel.read(text) >= 0) {
                    continue;
                }
                return Optional.of(StandardCharsets.UTF_8.decode(text.flip()).toString());
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Takes back everything. */
    @Override
    public synchronized void close() throws IOException {
        for (Entry entry : published.values()) {
            remove(entry);
        }
        published.clear();
    }

    private static boolean isFree(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this very process
        }
    }

    private static void remove(Entry entry) throws IOException {
        Files.deleteIfExists(entry.file());
        entry.lock().close();
        deleteIfEmpty(entry.file().getParent());
    }

    private static void deleteIfEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            // other names are published
        }
    }

    private Path directory() throws IOException {
        return sharedMemory.resolve("isthmus-" + JobDirectory.userId() + "-names");
    }

    private static Path file(Path directory, String service) {
        return directory.resolve(HexFormat.of().formatHex(JobDirectory.hash(service)));
    }
}
