package org.isthmus.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** RDMA devices as the kernel shows them in sysfs: no library and no permission needed. */
final class RdmaDevices {
    /** How the kernel writes an empty entry of a table of GIDs. */
    private static final String NO_GID = "0000:0000:0000:0000:0000:0000:0000:0000";

    private final Path root;

    RdmaDevices() {
        this(Path.of("/sys/class/infiniband"));
    }

    RdmaDevices(Path root) {
        this.root = root;
    }

    /** A line for each port, followed by a line for each of its GIDs; one line that says so if there is no device. */
    List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path device : children(root)) {
            for (Path port : children(device.resolve("ports"))) {
                lines.add(device.getFileName() + " port " + port.getFileName() + ": " + afterColon(port.resolve("state"))
                        + ", " + text(port.resolve("link_layer")) + ", " + text(port.resolve("rate")));
                addGids(port, lines);
            }
        }
        return lines.isEmpty() ? List.of("no device") : lines;
    }

    private static void addGids(Path port, List<String> lines) throws IOException {
        for (Path entry : children(port.resolve("gids"))) {
            String gid = text(entry);
            if (!gid.equals(NO_GID)) {
                String index = entry.getFileName().toString();
                lines.add("  gid " + index + " " + gid + " " + text(port.resolve("gid_attrs/types/" + index)) + " on "
                        + text(port.resolve("gid_attrs/ndevs/" + index)));
            }
        }
    }

    /** In the order of their names, numbers as numbers. */
    private static List<Path> children(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(directory)) {
            return found.sorted(Comparator.<Path>comparingInt(path -> path.getFileName().toString().length())
                    .thenComparing(path -> path.getFileName().toString())).toList();
        }
    }

    /** "4: ACTIVE" is "active". */
    private static String afterColon(Path file) {
        String text = text(file);
        return text.substring(text.indexOf(':') + 1).strip().toLowerCase();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "unknown"; // the kernel answers EINVAL where an attribute has no value
        }
    }
}
