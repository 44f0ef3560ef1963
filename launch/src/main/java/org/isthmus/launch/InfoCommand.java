package org.isthmus.launch;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.isthmus.comm.device.CudaReport;
import org.isthmus.launch.doctor.RdmaDevices;
import org.isthmus.node.config.Setting;
import org.isthmus.node.config.Settings;
import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.Backends;

/** {@code isthmus info}: what a job on this machine would run with. */
final class InfoCommand implements Subcommand {
    private static final OptionTable OPTIONS = new OptionTable(List.of());

    @Override
    public String name() {
        return "info";
    }

    @Override
    public String summary() {
        return "show version, machine, RDMA and CUDA devices, and every setting with its value and origin";
    }

    @Override
    public String help() {
        return "Usage: isthmus info\n\nShows version, JDK, machine, RDMA devices with ports and GIDs, CUDA, and every "
                + "setting with its"
                + " value and origin.\n\n" + OPTIONS.help();
    }

    @Override
    public int run(List<String> arguments) throws IOException {
        OptionTable.Values values = OPTIONS.parse(arguments);
        if (values.get(OptionTable.HELP)) {
            System.out.print(help());
            return 0;
        }
        values.requireNoArgument("info");
        Settings settings = Settings.load();
        row("version", IsthmusCommand.version());
        row("jdk", Runtime.version() + " in " + System.getProperty("java.home"));
        row("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        Path sharedMemory = settings.get(Settings.SHM_DIRECTORY);
        row("shared memory", sharedMemory + ": " + space(sharedMemory));
        String name = "rdma";
        for (String line : RdmaDevices.lines()) {
            row(name, line);
            name = "";
        }
        name = "cuda";
        for (String line : CudaReport.of(settings, Path.of("/")).lines()) {
            row(name, line);
            name = "";
        }
        for (Backend backend : Backends.all()) {
            name = backend.name();
            for (String line : backend.describe(settings)) {
                row(name, line);
                name = "";
            }
        }
        System.out.println();
        System.out.println("settings:");
        for (Setting<?> setting : Settings.table()) {
            System.out.printf("  %-32s %-14s %s%n", setting.key(), settings.text(setting),
                    "(" + settings.origin(setting) + ")");
        }
        return 0;
    }

    private static void row(String name, String value) {
        System.out.printf("%-15s %s%n", name, value);
    }

    private static String space(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return "does not exist";
        }
        FileStore store = Files.getFileStore(directory);
        return (store.getTotalSpace() >> 20) + " MiB, " + (store.getUsableSpace() >> 20) + " MiB free (" + store.type()
                + ")";
    }
}
