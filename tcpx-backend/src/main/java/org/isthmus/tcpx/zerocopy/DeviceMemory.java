package org.isthmus.tcpx.zerocopy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the kernel can receive TCP payload into memory of devices (devmem TCP, {@code SO_DEVMEM_*}, Linux 6.12 and
 * later), and what of it is missing here. Source: the kernel's {@code devmem.rst}. Any thread may call.
 */
public final class DeviceMemory {
    /** {@code SO_DEVMEM_DONTNEED}: gives received pieces back. */
    private static final int SO_DEVMEM_DONTNEED = 80;
    private static final int TOKEN_BYTES = 8;

    private final Path root;

    /** @param root {@code /}; a test has its own */
    public DeviceMemory(Path root) {
        this.root = root;
    }

    /** What is missing, a line each, with what to do; empty if kernel, cards and memory are there. */
    public List<String> obstacles() throws IOException {
        List<String> obstacles = new ArrayList<>();
        String kernel = kernelObstacle();
        if (kernel != null) {
            obstacles.add(kernel);
        }
        List<String> cards = cardsWithQueues();
        if (cards.isEmpty()) {
            obstacles.add("no network card with a driver that has receive queues of its own: loopback, veth and"
                    + " the like cannot do it");
        }
        if (!Files.exists(root.resolve("dev/udmabuf")) && !Files.exists(root.resolve("dev/dri"))
                && !Files.exists(root.resolve("dev/nvidia0"))) {
            obstacles.add("nothing exports a dmabuf: load the driver of a GPU, or modprobe udmabuf"
                    + " for memory of the host");
        }
        return obstacles;
    }

    /** What the kernel lacks, or null. */
    private String kernelObstacle() {
        if (!DeviceMemory.class.getModule().isNativeAccessEnabled()) {
            return "native access is not enabled: start java with --enable-native-access=ALL-UNNAMED";
        }
        SocketNative calls = new SocketNative();
        long socket = calls.socket();
        if (socket < 0) {
            return SocketNative.failed("socket", -socket).getMessage();
        }
        long result;
        try (Arena arena = Arena.ofConfined()) { // a range of no tokens: nothing is given back
            result = calls.setOption((int) socket, SocketNative.SOL_SOCKET, SO_DEVMEM_DONTNEED,
                    arena.allocate(TOKEN_BYTES));
        }
        calls.close((int) socket);
        return result == -SocketNative.ENOPROTOOPT
                ? "the kernel does not know SO_DEVMEM_DONTNEED: Linux 6.12 with page pools is needed, this is "
                + System.getProperty("os.version") : null;
    }

    /** Cards behind a bus, which have a driver. */
    List<String> cardsWithQueues() throws IOException {
        List<String> cards = new ArrayList<>();
        Path directory = root.resolve("sys/class/net");
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
                for (Path card : all) {
                    if (Files.exists(card.resolve("device/driver")) && Files.isDirectory(card.resolve("queues/rx-0"))) {
                        cards.add(card.getFileName().toString());
                    }
                }
            }
        }
        return cards;
    }
}
