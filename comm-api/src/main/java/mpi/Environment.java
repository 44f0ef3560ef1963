package mpi;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.isthmus.node.config.LauncherVariables;

/** What the program can ask about the process and the machine. */
final class Environment {
    private static final Path KERNEL_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private Environment() {}

    static Map<String, String> emptyInfo() {
        return new LinkedHashMap<>();
    }

    /**
     * Sets the keys of {@code INFO_ENV} (MPI 3.1, section 10.3.4, and Open MPI's own): what the launcher says, and what
     * this process knows of itself where the launcher is silent.
     *
     * @param launcher the environment variables
     * @param program main class or jar of this process with its arguments, null when it is not known
     */
    static void fill(Info info, Map<String, String> launcher, String program, int size, int threadLevel) {
        String[] words = (program == null ? "java" : program).split(" ", 2);
        String np = Integer.toString(size);
        put(info, "command", launcher.getOrDefault("OMPI_COMMAND", words[0]));
        put(info, "argv", launcher.getOrDefault("OMPI_ARGV", words.length == 1 ? "" : words[1]));
        put(info, "maxprocs", np);
        put(info, "soft", np);
        put(info, "host", hostName());
        put(info, "arch", System.getProperty("os.arch"));
        put(info, "wdir", launcher.getOrDefault("OMPI_MCA_initial_wdir", Path.of("").toAbsolutePath().toString()));
        put(info, "thread_level", threadLevelName(threadLevel));
        String applications = launcher.getOrDefault(LauncherVariables.APPLICATIONS, np);
        put(info, "ompi_num_apps", launcher.getOrDefault("OMPI_NUM_APP_CTX",
                Integer.toString(applications.split(" ").length)));
        put(info, "ompi_first_rank", launcher.getOrDefault("OMPI_FIRST_RANKS", firstRanks(applications)));
        put(info, "ompi_np", launcher.getOrDefault("OMPI_APP_CTX_NUM_PROCS", applications));
        put(info, "ompi_positioned_file_dir", launcher.getOrDefault("OMPI_FILE_LOCATION", ""));
    }

    /** The first rank of each program, from the numbers of ranks that they have. */
    private static String firstRanks(String applications) {
        StringJoiner first = new StringJoiner(" ");
        int rank = 0;
        for (String ranks : applications.split(" ")) {
            first.add(Integer.toString(rank));
            rank += Integer.parseInt(ranks);
        }
        return first.toString();
    }

    /**
     * Which program of the launcher's command line, or of the spawn, this process runs, from 0; 0 where the launcher
     * does not say.
     */
    static int applicationNumber(Map<String, String> launcher) {
        String number = launcher.getOrDefault(LauncherVariables.APPLICATION,
                launcher.getOrDefault("OMPI_MCA_orte_app_num", "0"));
        return number.matches("[0-9]{1,9}") ? Integer.parseInt(number) : 0;
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
