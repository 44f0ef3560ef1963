package mpi;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the program can ask about the process and the machine. */
final class Environment {
    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private Environment() {}

    static Map<String, String> emptyInfo() {
        return new LinkedHashMap<>();
    }

    /** Sets the keys of {@code INFO_ENV} (MPI 3.1, section 10.3.4, and Open MPI's own). */
    static void fill(Info info, int size, int threadLevel) {
        ProcessHandle.Info process = ProcessHandle.current().info();
        put(info, "command", process.command().orElse("java"));
        put(info, "argv", String.join(" ", process.arguments().orElse(new String[0])));
        put(info, "maxprocs", Integer.toString(size));
        put(info, "soft", Integer.toString(size));
        put(info, "host", hostName());
        put(info, "arch", System.getProperty("os.arch"));
        put(info, "wdir", Path.of("").toAbsolutePath().toString());
        put(info, "thread_level", threadLevelName(threadLevel));
        put(info, "ompi_num_apps", "1");
        put(info, "ompi_first_rank", "0");
        put(info, "ompi_np", Integer.toString(size));
    }

    private static void put(Info info, String key, String value) {
        if (!value.isEmpty()) {
            info.putEnvironment(key, value.substring(0, Math.min(value.length(), Constant.MAX_INFO_VAL)));
        }
    }

    private static String threadLevelName(int level) {
        return switch (level) {
            case Constant.THREAD_SINGLE -> "MPI_THREAD_SINGLE";
            case Constant.THREAD_FUNNELED -> "MPI_THREAD_FUNNELED";
            case Constant.THREAD_SERIALIZED -> "MPI_THREAD_SERIALIZED";
            default -> "MPI_THREAD_MULTIPLE";
        };
    }

    /** The kernel's name of the host: unlike a look-up through the network it cannot hang. */
    static String hostName() {
        try {
            return Files.isReadable(KERNEL_HOST_NAME) ? Files.readString(KERNEL_HOST_NAME).strip()
                    : InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return InetAddress.getLoopbackAddress().getHostName();
        }
    }

    static String libraryVersion() {
        String version = MPI.class.getPackage().getImplementationVersion();
        return "Isthmus " + (version == null ? "(built from source)" : version) + ", Open MPI Java API, MPI "
                + Constant.VERSION + "." + Constant.SUBVERSION + ", Java " + Runtime.version();
    }
}
