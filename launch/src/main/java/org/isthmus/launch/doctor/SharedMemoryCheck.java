package org.isthmus.launch.doctor;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isthmus.node.config.Settings;

/** The file system of the node segments. */
final class SharedMemoryCheck implements Check {
    private static final String SUBJECT = "shared memory";
    private static final long MIB = 1 << 20;
    /** What 64 ranks take with all their rings and a few large messages. */
    private static final long COMFORTABLE = 512 * MIB;

    @Override
    public List<Finding> look(Machine machine, Settings settings) throws IOException {
        Path directory = settings.get(Settings.SHM_DIRECTORY);
        if (!Files.isDirectory(directory)) {
            return List.of(Finding.problem(SUBJECT, directory + " does not exist",
                    "mount a tmpfs there, or set isthmus.shm.dir to a directory on one"));
        }
        if (!Files.isWritable(directory)) {
            return List.of(Finding.problem(SUBJECT, directory + " cannot be written by this user",
                    "give it mode 1777, or set isthmus.shm.dir to another directory on a tmpfs"));
        }
        FileStore store = Files.getFileStore(directory);
        long free = store.getUsableSpace();
        String found = directory + " (" + store.type() + "), " + free / MIB + " of " + store.getTotalSpace() / MIB
                + " MiB free";
        if (!store.type().equals("tmpfs")) {
            return List.of(Finding.note(SUBJECT, found,
                    "messages would pass through a disk's file system; set isthmus.shm.dir to a directory on a tmpfs"));
        }
        if (free < COMFORTABLE) {
            return List.of(Finding.note(SUBJECT, found,
                    "jobs of many ranks or large messages need more: start the container with --shm-size=8g, or"
                    + " mount -o remount,size=8g " + directory));
        }
        return List.of(Finding.ok(SUBJECT, found));
    }
}
