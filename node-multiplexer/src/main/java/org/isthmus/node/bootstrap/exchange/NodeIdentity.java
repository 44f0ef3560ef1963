package org.isthmus.node.bootstrap.exchange;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Which processes can share a segment and speak of each other by process id: those with an equal identity. The host
 * name is no part of it: containers of one machine may share it, and test hosts may differ in nothing else.
 *
 * @param bootId the kernel's random id of this boot: the machine
 * @param sharedMemory device and inode of the shared memory directory: the file system that both see
 * @param processIds the namespace of process ids
 * @param user numeric user id
 */
public record NodeIdentity(String bootId, String sharedMemory, String processIds, int user) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path PROCESS_IDS = Path.of("/proc/self/ns/pid");

    /**
     * The identity of this process.
     *
     * @param sharedMemoryDirectory where it would put its segment
     */
    public static NodeIdentity here(Path sharedMemoryDirectory) {
        try {
            Map<String, Object> directory = Files.readAttributes(sharedMemoryDirectory, "unix:dev,ino");
            return new NodeIdentity(Files.readString(BOOT_ID).strip(),
                    directory.get("dev") + "." + directory.get("ino"), Files.readSymbolicLink(PROCESS_IDS).toString(),
                    (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            throw new ExchangeException("it cannot be found out on which node this process runs: " + e + "; /proc and "
                    + sharedMemoryDirectory + " (setting isthmus.shm.dir) must be there and readable", e);
        }
    }

    /** The identity as a value of an {@link Exchange}; equal if and only if the identities are. */
    public byte[] encode() {
        return (bootId + " " + sharedMemory + " " + processIds + " " + user).getBytes(StandardCharsets.UTF_8);
    }
}
