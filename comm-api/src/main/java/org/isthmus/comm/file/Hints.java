package org.isthmus.comm.file;

import java.util.LinkedHashMap;
import java.util.Map;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * The hints of a file (MPI 3.1, section 13.2.8, and ROMIO's): those that say how it is accessed here, and those that
 * are kept for who asks. Others are ignored. Immutable.
 */
public final class Hints {
    private static final String CB_BUFFER_SIZE = "cb_buffer_size";
    private static final String CB_NODES = "cb_nodes";
    private static final String COLLECTIVE_BUFFERING = "collective_buffering";
    private static final String CB_READ = "romio_cb_read";
    private static final String CB_WRITE = "romio_cb_write";
    private static final String DS_READ = "romio_ds_read";
    private static final String DS_WRITE = "romio_ds_write";
    private static final String STRIPING_UNIT = "striping_unit";
    private static final String IND_RD_BUFFER = "ind_rd_buffer_size";
    private static final String IND_WR_BUFFER = "ind_wr_buffer_size";

    private static final long MIN_BUFFER = 65_536;
    private static final long MAX_BUFFER = 1L << 30;
    /** Blocks from this size on are as fast read by a call each as through an aggregator, on one node. */
    private static final long AGGREGATED_READ_ON_ONE_NODE = 16_384;
    /** The same for writes, which wait for each other in the kernel: it locks a file for each. */
    private static final long AGGREGATED_WRITE_ON_ONE_NODE = 512 << 10;
    /** The same where nodes share the file system, which has its own cost for each call. */
    private static final long AGGREGATED_BLOCK_ON_SEVERAL_NODES = 1L << 20;

    /** What a hint's value may be. */
    private enum Form { NUMBER, SWITCH, BOOLEAN, TEXT }

    private static final Map<String, Form> KNOWN = new LinkedHashMap<>();

    static {
        for (String key : new String[] {CB_BUFFER_SIZE, CB_NODES, IND_RD_BUFFER, IND_WR_BUFFER, "cb_block_size",
            "striping_factor", STRIPING_UNIT, "nb_proc", "num_io_nodes"}) {
            KNOWN.put(key, Form.NUMBER);
        }
        for (String key : new String[] {CB_READ, CB_WRITE, DS_READ, DS_WRITE}) {
            KNOWN.put(key, Form.SWITCH);
        }
        KNOWN.put(COLLECTIVE_BUFFERING, Form.BOOLEAN);
        for (String key : new String[] {"access_style", "chunked", "chunked_item", "chunked_size", "file_perm",
            "filename", "io_node_list"}) {
            KNOWN.put(key, Form.TEXT);
        }
    }

    private final Map<String, String> values;

    private Hints(Map<String, String> values) {
        this.values = values;
    }

    /** @param aggregators how many ranks read and write for all where nothing else is said */
    static Hints defaults(int aggregators) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(CB_BUFFER_SIZE, Long.toString(4L << 20));
        values.put(CB_NODES, Integer.toString(aggregators));
        values.put(COLLECTIVE_BUFFERING, "true");
        for (String key : new String[] {CB_READ, CB_WRITE, DS_READ, DS_WRITE}) {
            values.put(key, "automatic");
        }
        values.put(IND_RD_BUFFER, Long.toString(4L << 20));
        values.put(IND_WR_BUFFER, Long.toString(1L << 20));
        return new Hints(values);
    }

    /** @throws CommException {@code INFO_VALUE} for a known key with a value that it cannot have. */
    Hints with(Map<String, String> more) {
        Map<String, String> merged = new LinkedHashMap<>(values);
        more.forEach((key, value) -> {
            Form form = KNOWN.get(key);
            if (form != null) {
                check(key, value, form);
                merged.put(key, value);
            }
        });
        return new Hints(merged);
    }

    private static void check(String key, String value, Form form) {
        String allowed = switch (form) {
            case NUMBER -> value.matches("[1-9]\\d{0,17}") ? null : "a number from 1 on";
            case SWITCH -> value.matches("enable|disable|automatic") ? null : "enable, disable or automatic";
            case BOOLEAN -> value.matches("true|false") ? null : "true or false";
            case TEXT -> null;
        };
        if (allowed != null) {
            throw new CommException(ErrorClass.INFO_VALUE,
                    "hint " + key + " is \"" + value + "\"; it must be " + allowed);
        }
    }

    /** All hints in force. */
    public Map<String, String> values() {
        return new LinkedHashMap<>(values);
    }

    private long buffer(String key) {
        return Math.clamp(Long.parseLong(values.get(key)), MIN_BUFFER, MAX_BUFFER);
    }

    /** Bytes that an aggregator reads or writes at once. */
    long collectiveBuffer() {
        return buffer(CB_BUFFER_SIZE);
    }

    /** Domains of aggregators begin at multiples of this: the file system's unit where the program names it. */
    long alignment() {
        String unit = values.get(STRIPING_UNIT);
        return unit == null ? MIN_BUFFER : Long.parseLong(unit);
    }

    /** Ranks that read and write for all. */
    int aggregators() {
        return (int) Math.min(Integer.MAX_VALUE, Long.parseLong(values.get(CB_NODES)));
    }

    long sieveBuffer(boolean write) {
        return buffer(write ? IND_WR_BUFFER : IND_RD_BUFFER);
    }

    /** Whether a collective access goes through aggregators; {@code block} is the mean size of its blocks. */
    boolean aggregates(boolean write, boolean interleaved, long block, boolean oneNode) {
        if (values.get(COLLECTIVE_BUFFERING).equals("false")) {
            return false;
        }
        return switch (values.get(write ? CB_WRITE : CB_READ)) {
            case "enable" -> true;
            case "disable" -> false;
            default -> interleaved && block < (!oneNode ? AGGREGATED_BLOCK_ON_SEVERAL_NODES
                    : write ? AGGREGATED_WRITE_ON_ONE_NODE : AGGREGATED_READ_ON_ONE_NODE);
        };
    }

    /** Whether independent access reads, and for writes changes, whole spans. */
    boolean sieves(boolean write, View view) {
        if (view.blocks().isContiguous() || !view.blocks().isMonotone() || view.blocks().isEmpty()) {
            return false;
        }
        return switch (values.get(write ? DS_WRITE : DS_READ)) {
            case "enable" -> true;
            case "disable" -> false;
            default -> view.prefersSieving();
        };
    }
}
