package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Finds the node segments of this user's live jobs. Their names are gone, but each process of a job keeps the file
 * open, and {@code /proc/PID/fd} leads to it: so nothing needs to lie in the file system for others to find, or be left
 * behind there.
 */
public final class LiveSegments {
    private LiveSegments() {}

    /**
     * A segment that some process has open.
     *
     * @param file path by which it can be opened as long as the first of the processes lives
     * @param pids of the processes that have it open, ascending
     */
    public record LiveSegment(Path file, List<Long> pids) {}

    /** All of them that this process may see, by the lowest pid. */
    public static List<LiveSegment> find() throws IOException {
        int user = JobDirectory.userId();
        Map<Object, LiveSegment> found = new LinkedHashMap<>();
        for (long pid : processesOf(user)) {
            try (DirectoryStream<Path> descriptors =
                    Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
                for (Path descriptor : descriptors) {
                    look(pid, descriptor, user, found);
                }
            } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException e) {
                continue; // ended meanwhile, or runs with rights that this process has not
            }
        }
        return List.copyOf(found.values());
    }

    private static TreeSet<Long> processesOf(int user) throws IOException {
        TreeSet<Long> pids = new TreeSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
            for (Path process : processes) {
                try {
                    if ((Integer) Files.getAttribute(process, "unix:uid") == user) {
                        pids.add(Long.parseLong(process.getFileName().toString()));
                    }
                } catch (NoSuchFileException e) {
                    continue; // ended meanwhile
                }
            }
        }
        pids.remove(ProcessHandle.current().pid());
        return pids;
    }

    private static void look(long pid, Path descriptor, int user, Map<Object, LiveSegment> found) throws IOException {
        try {
            if (!JobDirectory.isSegment(Files.readSymbolicLink(descriptor).toString(), user)) {
                return;
            }
            Object key = Files.readAttributes(descriptor, BasicFileAttributes.class).fileKey();
            LiveSegment segment = found.computeIfAbsent(key, k -> new LiveSegment(descriptor, new ArrayList<>()));
            if (!segment.pids().contains(pid)) {
                segment.pids().add(pid);
            }
        } catch (NoSuchFileException | AccessDeniedException e) {
            return; // closed meanwhile
        }
    }
}
