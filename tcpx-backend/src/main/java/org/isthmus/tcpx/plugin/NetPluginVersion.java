package org.isthmus.tcpx.plugin;

import java.util.Locale;

/**
 * The versions of the plugin interface that can be loaded, newest first: what differs between their function tables and
 * their {@code ncclNetProperties}. All of them begin with the same 19 pointers ({@link NetPluginTable}); sizes became
 * {@code size_t} in v9, which changes nothing in how an argument is passed but does in arrays.
 */
public enum NetPluginVersion {
    /** A second argument of init, a configuration at connect, profiler handles at isend and irecv. */
    V10(36, 44, 56, 104),
    /** {@code size_t} in the array of sizes of irecv. */
    V9(36, 44, 56, 104),
    /** {@code size_t} at regMr, which passes in the same register. */
    V8(32, 40, 52, 64),
    /** The first with irecvConsumed. */
    V7(28, 36, 48, 56);

    /** {@code ptrSupport} of all versions. */
    static final long POINTER_SUPPORT_OFFSET = 24;

    private final long speedOffset;
    private final long latencyOffset;
    private final long deviceTypeOffset;
    private final long propertiesBytes;

    NetPluginVersion(long speedOffset, long latencyOffset, long deviceTypeOffset, long propertiesBytes) {
        this.speedOffset = speedOffset;
        this.latencyOffset = latencyOffset;
        this.deviceTypeOffset = deviceTypeOffset;
        this.propertiesBytes = propertiesBytes;
    }

    /** Name of the table that a library of this version exports. */
    String symbol() {
        return "ncclNetPlugin_" + name().toLowerCase(Locale.ROOT);
    }

    boolean hasProfiler() {
        return this == V10;
    }

    boolean hasLongSizes() {
        return this == V10 || this == V9;
    }

    long speedOffset() {
        return speedOffset;
    }

    /** {@code maxComms} and {@code maxRecvs} follow the latency. */
    long maxCommsOffset() {
        return latencyOffset + 4;
    }

    long deviceTypeOffset() {
        return deviceTypeOffset;
    }

    long propertiesBytes() {
        return propertiesBytes;
    }
}
