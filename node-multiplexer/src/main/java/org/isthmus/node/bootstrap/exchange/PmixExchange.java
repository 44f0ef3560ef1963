package org.isthmus.node.bootstrap.exchange;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Values through the PMIx server that Open MPI's mpirun, PRRTE or {@code srun --mpi=pmix} runs on each node. A process
 * enters once. Leaving is PMIx_Finalize, which waits for no other rank.
 */
final class PmixExchange extends CheckedExchange {
    private static final String PREFIX = "isthmus.";
    private static final String LIBRARY = "libpmix.so.2";

    private final PmixNative pmix;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment process = arena.allocate(PmixNative.PROC_BYTES, Integer.BYTES);
    private final String name;
    private final int timeoutSeconds;
    private final int rank;
    private final int size;

    private PmixExchange(PmixNative pmix, Duration timeout) {
        this.pmix = pmix;
        this.timeoutSeconds = (int) Math.max(1, timeout.toSeconds());
        this.name = "PMIx (" + pmix.version().split("[,(]")[0].strip() + ")";
        int status = pmix.init(process);
        if (status != PmixNative.SUCCESS) {
            arena.close();
            throw new ExchangeException("PMIx_Init failed: "
                    + pmix.errorText(status) + "; the launcher's PMIx and this " + name
                    + " do not fit together: name another library by isthmus.pmix.library (ISTHMUS_PMIX_LIBRARY), or"
                    + " set isthmus.wireup.method=rendezvous (ISTHMUS_WIREUP_METHOD)");
        }
        rank = process.get(ValueLayout.JAVA_INT, PmixNative.PROC_RANK_AT);
        size = jobNumber("pmix.job.size");
        if (rank < 0 || rank >= size) {
            throw failed("PMIx_Init", "the launcher says rank " + rank + " of " + size);
        }
    }

    /**
     * Enters by the library found.
     *
     * @param library its name or path; empty for the usual places
     * @return nothing if there is no such library
     */
    static Optional<Exchange> enter(String library, Duration timeout) {
        List<String> names = new ArrayList<>();
        if (library.isEmpty()) {
            String prefix = System.getenv("PMIX_INSTALL_PREFIX");
            if (prefix != null) {
                names.add(prefix + "/lib/" + LIBRARY);
            }
            names.add(LIBRARY);
        } else {
            names.add(library);
        }
        return PmixNative.load(names).map(pmix -> new PmixExchange(pmix, timeout));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    void send(String key, byte[] value) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment bytes = call.allocate(Math.max(1, value.length));
            MemorySegment.copy(value, 0, bytes, ValueLayout.JAVA_BYTE, 0, value.length);
            MemorySegment entry = call.allocate(PmixNative.VALUE_BYTES, Long.BYTES);
            entry.set(ValueLayout.JAVA_SHORT, 0, PmixNative.BYTE_OBJECT);
            entry.set(ValueLayout.ADDRESS, PmixNative.VALUE_DATA_AT, bytes);
            entry.set(ValueLayout.JAVA_LONG, PmixNative.VALUE_SIZE_AT, value.length);
            require("PMIx_Put of " + key, pmix.put(call.allocateFrom(PREFIX + key), entry));
        }
    }

    @Override
    void awaitAll() {
        require("PMIx_Commit", pmix.commit());
        try (Arena call = Arena.ofConfined()) {
            MemorySegment infos = call.allocate(2 * PmixNative.INFO_BYTES, Long.BYTES);
            info(infos, 0, "pmix.collect", PmixNative.BOOL)
                    .set(ValueLayout.JAVA_BYTE, PmixNative.VALUE_DATA_AT, (byte) 1);
            info(infos, 1, "pmix.timeout", PmixNative.INT)
                    .set(ValueLayout.JAVA_INT, PmixNative.VALUE_DATA_AT, timeoutSeconds);
            require("fence of all ranks", pmix.fence(infos, 2));
        }
    }

    @Override
    byte[] fetch(int from, String key) {
        return get(from, PREFIX + key, value -> {
            if (value.get(ValueLayout.JAVA_SHORT, 0) != PmixNative.BYTE_OBJECT) {
                throw failed("get of " + key, "the value of rank " + from + " has another type");
            }
            long length = value.get(ValueLayout.JAVA_LONG, PmixNative.VALUE_SIZE_AT);
            MemorySegment bytes = value.get(ValueLayout.ADDRESS, PmixNative.VALUE_DATA_AT);
            if (length < 0 || length > MAX_VALUE) {
                throw failed("get of " + key, "the value of rank " + from + " has " + length + " bytes");
            }
            return length == 0 || bytes.address() == 0 ? new byte[0]
                    : bytes.reinterpret(length).toArray(ValueLayout.JAVA_BYTE);
        });
    }

    /** A number that the launcher says of the job. */
    private int jobNumber(String key) {
        Integer number = get(PmixNative.WILDCARD, key, value -> switch (value.get(ValueLayout.JAVA_SHORT, 0)) {
            case PmixNative.INT, PmixNative.INT32, PmixNative.UINT32, PmixNative.PROC_RANK ->
                value.get(ValueLayout.JAVA_INT, PmixNative.VALUE_DATA_AT);
            default -> throw failed("get of " + key, "it has type " + value.get(ValueLayout.JAVA_SHORT, 0));
        });
        if (number == null) {
            throw failed("get of " + key, "the launcher does not say it");
        }
        return number;
    }

    private interface Reader<T> {
        T read(MemorySegment value);
    }

    /** What the reader makes of a value, or null if there is none. */
    private <T> T get(int from, String key, Reader<T> reader) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment who = call.allocate(PmixNative.PROC_BYTES, Integer.BYTES).copyFrom(process);
            who.set(ValueLayout.JAVA_INT, PmixNative.PROC_RANK_AT, from);
            MemorySegment result = call.allocate(ValueLayout.ADDRESS);
            MemorySegment infos = call.allocate(2 * PmixNative.INFO_BYTES, Long.BYTES);
            info(infos, 0, "pmix.timeout", PmixNative.INT)
                    .set(ValueLayout.JAVA_INT, PmixNative.VALUE_DATA_AT, timeoutSeconds);
            info(infos, 1, "pmix.immediate", PmixNative.BOOL)
                    .set(ValueLayout.JAVA_BYTE, PmixNative.VALUE_DATA_AT, (byte) 1);
            int status = pmix.get(who, call.allocateFrom(key), infos, 2, result);
            MemorySegment pointer = result.get(ValueLayout.ADDRESS, 0);
            if (status == PmixNative.NOT_FOUND || status == PmixNative.SUCCESS && pointer.address() == 0) {
                return null;
            }
            require("get of " + key, status);
            MemorySegment value = pointer.reinterpret(PmixNative.VALUE_BYTES);
            try {
                return reader.read(value);
            } finally {
                pmix.release(pointer);
            }
        }
    }

    /** Names an entry of an info array; returns its value. */
    private static MemorySegment info(MemorySegment infos, int index, String key, short type) {
        MemorySegment info = infos.asSlice(index * PmixNative.INFO_BYTES, PmixNative.INFO_BYTES);
        info.setString(0, key, StandardCharsets.US_ASCII);
        MemorySegment value = info.asSlice(PmixNative.INFO_VALUE_AT, PmixNative.VALUE_BYTES);
        value.set(ValueLayout.JAVA_SHORT, 0, type);
        return value;
    }

    private void require(String what, int status) {
        if (status != PmixNative.SUCCESS) {
            throw failed(what,
                    pmix.errorText(status) + "; a rank has ended or did not come within " + timeoutSeconds + " s");
        }
    }

    private ExchangeException failed(String what, String cause) {
        return new ExchangeException("rank " + rank + ": " + what + " by " + name + " failed: " + cause);
    }

    @Override
    void leave() {
        int ignored = pmix.finish(); // the launcher may have gone first
        arena.close();
    }
}
