package org.isthmus.rdma.verbs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether this machine has what verbs need; if not, one line that says what is missing and how to mend it. */
public final class VerbsAvailability {
    private final List<String> libraries;
    private final Path devices;

    /** This machine. */
    public VerbsAvailability() {
        this(List.of(VerbsNative.FILE, CmNative.FILE), Path.of("/dev/infiniband"));
    }

    VerbsAvailability(List<String> libraries, Path devices) {
        this.libraries = libraries;
        this.devices = devices;
    }

    /** @throws IOException with the line, if libraries, device files, permissions or devices are missing */
    public void check() throws IOException {
        checkLibraries();
        checkDeviceFiles();
        try (VerbsNative.DeviceList list = new VerbsNative.DeviceList()) {
            if (list.devices().isEmpty()) {
                throw new IOException("no RDMA device: load the driver of the card, or for Soft-RoCE on an Ethernet"
                        + " card as root: modprobe rdma_rxe && rdma link add rxe0 type rxe netdev eth0");
            }
        }
    }

    void checkLibraries() throws IOException {
        for (String library : libraries) {
            try {
                SymbolLookup.libraryLookup(library, Arena.global());
            } catch (IllegalArgumentException e) {
                throw new IOException(library + " cannot be loaded: install rdma-core (Debian: libibverbs1"
                        + " ibverbs-providers librdmacm1; Red Hat: libibverbs librdmacm)", e);
            } catch (IllegalCallerException e) {
                throw new IOException(library + " cannot be loaded without native access: start java with"
                        + " --enable-native-access=ALL-UNNAMED", e);
            }
        }
    }

    void checkDeviceFiles() throws IOException {
        Path manager = devices.resolve("rdma_cm");
        if (!Files.exists(manager)) {
            throw new IOException("no RDMA connection manager: " + manager
                    + " does not exist; as root: modprobe rdma_ucm (for a container add --device /dev/infiniband)");
        }
        if (!Files.isReadable(manager) || !Files.isWritable(manager)) {
            throw new IOException("no permission for " + manager + ": add the user " + System.getProperty("user.name")
                    + " to the group of the file, or as root: chmod 666 " + manager);
        }
    }
}
