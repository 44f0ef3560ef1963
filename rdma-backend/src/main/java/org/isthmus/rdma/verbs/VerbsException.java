package org.isthmus.rdma.verbs;

import java.io.IOException;

/** A call of the verbs libraries failed. The message names the call, the reason, and what to do where that is known. */
public final class VerbsException extends IOException {
    private static final long serialVersionUID = 1L;
    public static final int EPERM = 1;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EINVAL = 22;
    public static final int EOPNOTSUPP = 95;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENODEV = 19;

    private final int errno;

    /** @param detail what was asked for, with its values; may be empty */
    VerbsException(String call, String detail, int errno) {
        super(call + (detail.isEmpty() ? "" : " of " + detail) + " failed: " + LibcNative.errorText(errno) + " (errno "
                + errno + ")" + advice(call, errno));
        this.errno = errno;
    }

    /** The errno value of the call. */
    public int errno() {
        return errno;
    }

    private static String advice(String call, int errno) {
        return switch (errno) {
            case ENOMEM -> call.startsWith("ibv_reg_") || call.startsWith("ibv_create_")
                    || call.equals("rdma_create_qp")
                    ? "; if the limit of locked memory is too small (now " + LockedMemory.limit()
                            + "), raise it: ulimit -l unlimited, or memlock in /etc/security/limits.conf" : "";
            case EPERM, EACCES -> "; give this user access to /dev/infiniband (group rdma)";
            case ENODEV, EADDRNOTAVAIL -> "; no RDMA device has this address: use one of a network card in 'rdma link'";
            case EADDRINUSE -> "; choose another port";
            case EINVAL -> "; a value is outside of the device's limits (ibv_devinfo -v)";
            case EOPNOTSUPP -> "; the device or its driver cannot do this";
            default -> "";
        };
    }
}
