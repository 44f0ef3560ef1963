package org.isthmus.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import org.isthmus.allocator.policy.ZeroMode;
import org.isthmus.node.shm.ring.RingVariant;

/**
 * The one table of settings, and their values in this process. A setting is given as system property
 * {@code -Disthmus.x.y=value} or as environment variable {@code ISTHMUS_X_Y=value}; the property wins. A name with our
 * prefix that is not in the table, and a value that cannot be read, are errors: {@link SettingException} from
 * {@link #load}. Immutable once loaded, so any thread may read. {@code docs/configuration.md} is generated from it.
 */
public final class Settings {
    private static final List<Setting<?>> ROWS = new ArrayList<>();

    public static final Setting<Path> SHM_DIRECTORY = row("isthmus.shm.dir", "/dev/shm", SettingParsers::absolutePath,
            "Directory on a memory file system in which the ranks of a node share their segment.");
    public static final Setting<Duration> WIREUP_TIMEOUT = row("isthmus.wireup.timeout", "60s",
            SettingParsers::duration, "How long a starting rank waits for the other ranks of its job.");
    public static final Setting<String> WIREUP_METHOD = row("isthmus.wireup.method", "auto",
            SettingParsers.oneOf(List.of("auto", "pmix", "pmi", "rendezvous")),
            "By what the ranks exchange addresses where one node's environment does not do; auto:"
                    + " the first that works.");
    public static final Setting<String> PMIX_LIBRARY = row("isthmus.pmix.library", "", text -> text,
            "Name or path of the PMIx library; empty: libpmix.so.2.");
    public static final Setting<String> RENDEZVOUS_DIRECTORY = row("isthmus.rendezvous.directory", "", text -> text,
            "Directory, seen by all nodes, in which rank 0 says where it listens when the launcher offers no exchange; "
                    + "empty: .isthmus in the home directory.");
    public static final Setting<Duration> LAUNCH_TIMEOUT = row("isthmus.launch.timeout", "30s",
            SettingParsers::duration, "How long isthmus run waits for each of its hosts to answer.");

    public static final Setting<String> FAILURE = row("isthmus.failure", "abort",
            SettingParsers.oneOf(List.of("abort", "survive")), "What the death of a rank does: end the job, or let the "
                    + "others go on with errors on what needs that rank (one node only); equal in all ranks.");

    public static final Setting<String> BACKEND = row("isthmus.backend", "tcpx", text -> text,
            "What carries messages between nodes, by name; equal on all nodes. Of several, such as rdma,tcpx, the "
                    + "first that opens.");
    public static final Setting<String> MUX_START = row("isthmus.mux.start", "auto",
            SettingParsers.oneOf(List.of("auto", "always")), "Which jobs have a multiplexer on each node; auto: those "
                    + "of more than one node; always: those of one node too, if a launcher started them. Equal in all "
                    + "ranks.");
    public static final Setting<Integer> MUX_SHARDS = row("isthmus.mux.shards", "auto", SettingParsers.autoOr(1, 16),
            "Shards of a node's multiplexer, each a thread with connections of its own; auto: 1, 2 from 8 processors, "
                    + "4 from 32. The value of rank 0 counts.");
    public static final Setting<Integer> MUX_HOLD_MICROS =
            row("isthmus.mux.hold", "10", SettingParsers.integer(0, 1000),
            "Most microseconds for which the multiplexer holds a batch open while records keep coming fast; 0: never.");
    public static final Setting<Long> MUX_CREDIT = row("isthmus.mux.credit", "256k",
            SettingParsers.bytes(64 << 10, 1L << 30),
            "Most bytes from one node that are under way to one rank of another; what is beyond waits at the sender,"
                    + " and nobody else's. Equal on all nodes.");
    public static final Setting<Long> MUX_LANE =
            row("isthmus.mux.lane", "16m", SettingParsers.bytes(64 << 10, 1L << 40),
            "Most bytes of one rank's records that wait in a shard for receivers without credit; beyond it all that "
                    + "the rank sends through this shard waits in the rank.");

    public static final Setting<Long> SEGMENT_WINDOW = row("isthmus.segment.window", "0",
            SettingParsers.bytes(0, 1L << 46),
            "Address window of the node segment, the most that it can grow to; 0: as large as its file system.");
    public static final Setting<Long> RING_BYTES =
            row("isthmus.ring.bytes", "8k", SettingParsers.multiple(64, 8192, 1 << 20),
            "Size of the ring of one directed pair of ranks; a multiple of 64.");
    public static final Setting<String> RING_VARIANT = row("isthmus.ring.variant", "validity",
            SettingParsers.oneOf(RingVariant.NAMES),
            "How records in the rings that a rank sends through become visible: validity, batched, immediate,"
                    + " fastforward, lamport or generation.");
    public static final Setting<String> RING_STAMPING = row("isthmus.ring.stamping", "record",
            SettingParsers.oneOf(RingVariant.STAMPINGS),
            "What carries the stamp in rings of variant generation: the first record of each batch, each record, or"
                    + " each cache line (line).");
    public static final Setting<Integer> MAX_RINGS = row("isthmus.ring.max", "256", SettingParsers.integer(0, 65536),
            "Most rings that one rank sends through; further receivers are reached through their mailboxes.");
    public static final Setting<Long> BLOCK_POOL_BYTES = row("isthmus.blocks.bytes", "32m",
            SettingParsers.bytes(1 << 20, 1L << 40), "Most segment memory for the message blocks of one rank.");
    public static final Setting<String> ARRAY_TYPES = row("isthmus.array.types", "same",
            SettingParsers.oneOf(List.of("same", "any")), "Which arrays a datatype takes: of its base type, or of any "
                    + "primitive type but boolean, as so many bytes in memory.");
    public static final Setting<Integer> SPINS = row("isthmus.wait.spins", "500",
            SettingParsers.integer(0, Integer.MAX_VALUE),
            "Looks at memory before a waiting rank yields its core; always 0 with more ranks than cores.");
    public static final Setting<Integer> YIELDS = row("isthmus.wait.yields", "1000",
            SettingParsers.integer(0, Integer.MAX_VALUE), "Yields of the core before a waiting rank sleeps.");
    public static final Setting<String> OVERSUBSCRIBED = row("isthmus.wait.oversubscribed", "auto",
            SettingParsers.oneOf(List.of("auto", "true", "false")),
            "Whether the node has more ranks than cores, so that nobody spins; must be equal in all ranks.");
    public static final Setting<Long> INLINE_LIMIT = row("isthmus.pt2pt.inline", "1k", SettingParsers.bytes(0, 2048),
            "Largest message that travels inside a ring record.");
    public static final Setting<Long> EAGER_LIMIT = row("isthmus.pt2pt.eager", "64k",
            SettingParsers.bytes(0, 512 << 10), "Largest message that is sent before its receive is known.");
    public static final Setting<Long> SHARED_LIMIT = row("isthmus.pt2pt.shared", "4k",
            SettingParsers.bytes(0, 1L << 40),
            "Messages above this size that lie in the node segment are copied by the receiver alone.");
    public static final Setting<Long> FRAGMENT_BYTES = row("isthmus.pt2pt.fragment", "16k",
            SettingParsers.multiple(64, 4096, 1 << 20),
            "Size of the blocks in which longer messages travel; a multiple of 64.");
    public static final Setting<Long> EAGER_WINDOW = row("isthmus.pt2pt.window", "16m",
            SettingParsers.bytes(64 << 10, 1L << 40),
            "Most bytes of unmatched messages of one sender at one receiver; beyond it the sender waits.");
    public static final Setting<Long> REMOTE_EAGER_LIMIT = row("isthmus.pt2pt.remote.eager", "64k",
            SettingParsers.bytes(0, 512 << 10),
            "Largest message to another node that is sent before its receive is known; larger ones go"
                    + " from segment to segment.");
    public static final Setting<Long> PIECE_BYTES = row("isthmus.pt2pt.remote.piece", "256k",
            SettingParsers.multiple(4096, 4096, 1 << 20), "Size of the pieces in which they go, each a transfer of the "
                    + "backend; a multiple of 4096.");

    public static final Setting<String> CUDA = row("isthmus.cuda", "auto",
            SettingParsers.oneOf(List.of("auto", "on", "off")),
            "Whether message buffers may lie in memory of CUDA devices; auto: where NVIDIA's driver is loaded and java "
                    + "has native access; on: what is missing is an error. Equal in all ranks of a node.");
    public static final Setting<String> CUDA_LIBRARY = row("isthmus.cuda.library", "", text -> text,
            "Name or path of the library of the CUDA driver; empty: libcuda.so.1.");

    public static final Setting<Boolean> STAT = row("isthmus.stat", "false", SettingParsers::bool,
            "Whether the first rank of each node prints what its node's ranks counted when the job ends; `isthmus "
                    + "stat` shows it of a running job.");

    public static final Setting<Boolean> ALLOCATOR_CHECKED = row("isthmus.allocator.checked", "false",
            SettingParsers::bool, "Whether the allocator looks for overruns of blocks and lists at the end what was "
                    + "never freed; double and stale frees are found in any case.");
    public static final Setting<String> ALLOCATOR_ZERO = row("isthmus.allocator.zero", "none",
            SettingParsers.oneOf(ZeroMode.names()),
            "How much of a message block is cleared when it is handed out: none, header (a cache line) or full; users'"
                    + " buffers are always cleared.");
    public static final Setting<Long> ALLOCATOR_HUGE_PAGES = row("isthmus.allocator.hugepages", "2m",
            SettingParsers.bytes(512 << 10, 1L << 40),
            "Runs of memory of at least this size ask for huge pages; without native access nobody does.");
    public static final Setting<Long> ALLOCATOR_RELEASE_BATCH = row("isthmus.allocator.release.batch", "8m",
            SettingParsers.bytes(64 << 10, 1L << 40),
            "Memory of emptied superpages goes back to the kernel once this many "
                    + "bytes have gathered; without native access, where isthmus.backend names rdma, or where "
                    + "isthmus.cuda is in force, it stays with the node.");
    public static final Setting<Boolean> ALLOCATOR_SITES = row("isthmus.allocator.sites", "false",
            SettingParsers::bool, "Whether a communicator most of whose blocks are of one size gets more of them at "
            + "once.");
    public static final Setting<Boolean> ALLOCATOR_LEARN = row("isthmus.allocator.learn", "false",
            SettingParsers::bool, "Whether the limits of the heaps are tuned while the job runs, between a quarter "
                    + "and four times of what the job begins with; the value of local rank 0 counts.");
    public static final Setting<Duration> ALLOCATOR_WINDOW = row("isthmus.allocator.learn.window", "1s",
            SettingParsers::duration, "Time between two looks of the learner at the heaps' counters.");
    public static final Setting<Long> ALLOCATOR_BUDGET = row("isthmus.allocator.learn.budget", "64m",
            SettingParsers.bytes(64 << 10, 1L << 40),
            "Most bytes of free blocks that a heap keeps on its stacks when the learner decides.");
    public static final Setting<Optional<Path>> ALLOCATOR_POLICY = row("isthmus.allocator.policy", "none",
            text -> text.equals("none") ? Optional.empty() : Optional.of(SettingParsers.absolutePath(text)),
            "File with the limits that an earlier run learned, as its report shows them, to begin with; none for the "
                    + "defaults.");
    public static final Setting<Boolean> ALLOCATOR_REPORT =
            row("isthmus.allocator.report", "false", SettingParsers::bool,
            "Whether each rank prints what its heap counted, and the limits in force, when it ends.");

    public static final Setting<String> TCPX_ADDRESSES = row("isthmus.tcpx.addresses", "auto",
            SettingParsers::addressList, "Addresses of this node, one for each network card, that tcpx listens on and "
                    + "connects from, such as 10.0.0.1,10.0.1.1; auto: all of the node but loopback.");
    public static final Setting<Integer> TCPX_SOCKETS = row("isthmus.tcpx.sockets", "1", SettingParsers.integer(1, 8),
            "Sockets that tcpx opens to another node for each network card.");
    public static final Setting<Long> TCPX_CHUNK = row("isthmus.tcpx.chunk", "512k",
            SettingParsers.multiple(4096, 4096, 16 << 20),
            "Size of the pieces of large transfers that tcpx spreads over its sockets; equal on all nodes.");
    public static final Setting<String> TCPX_SCHEDULE = row("isthmus.tcpx.schedule", "least-loaded",
            SettingParsers.oneOf(List.of("least-loaded", "round-robin")), "How tcpx chooses the socket of a piece.");
    public static final Setting<Integer> TCPX_SEND_WINDOW = row("isthmus.tcpx.window.send", "12",
            SettingParsers.integer(1, 64), "Most large transfers to one node that tcpx has under way.");
    public static final Setting<Integer> TCPX_RECEIVE_WINDOW = row("isthmus.tcpx.window.receive", "16",
            SettingParsers.integer(1, 64), "Request slots of tcpx: most large transfers from one node that it has "
                    + "places for; not below the send window of any node.");
    public static final Setting<Boolean> TCPX_BOUNCE = row("isthmus.tcpx.bounce", "false", SettingParsers::bool,
            "Whether tcpx receives pieces into bounce buffers and unpacks them from there, as memory"
                    + " of a device needs it.");
    public static final Setting<String> TCPX_ENGINE = row("isthmus.tcpx.engine", "sockets",
            SettingParsers.oneOf(List.of("sockets", "plugin")),
            "What carries the pieces of large transfers of tcpx: its own sockets, or an NCCL network"
                    + " plugin; equal on all nodes.");
    public static final Setting<String> TCPX_PLUGIN = row("isthmus.tcpx.plugin", "", text -> text,
            "Path or name of the NCCL network plugin; empty: as NCCL, the environment variable NCCL_NET_PLUGIN, else "
                    + "libnccl-net.so.");
    public static final Setting<Boolean> TCPX_ENCRYPT = row("isthmus.tcpx.encrypt", "false", SettingParsers::bool,
            "Whether all that tcpx sends is encrypted and authenticated (AES-256-GCM), with keys of each connection "
                    + "from the job's secret; equal on all nodes; not with engine plugin.");
    public static final Setting<Boolean> TCPX_ZEROCOPY = row("isthmus.tcpx.zerocopy", "false", SettingParsers::bool,
            "Whether tcpx asks the kernel to send pieces of 32 KiB and more from where they lie (MSG_ZEROCOPY); a "
                    + "socket whose kernel copies all the same stops asking.");
    public static final Setting<Duration> TCPX_CONNECT_TIMEOUT =
            row("isthmus.tcpx.timeout.connect", "10s", SettingParsers::duration,
            "How long tcpx tries to connect, or to connect again, before the other node is lost.");
    public static final Setting<Duration> TCPX_HELLO_TIMEOUT = row("isthmus.tcpx.timeout.hello", "2s",
            SettingParsers::duration, "How long the hello of one connection of tcpx may take.");
    public static final Setting<Duration> TCPX_SILENCE_TIMEOUT =
            row("isthmus.tcpx.timeout.silence", "5s", SettingParsers::duration,
            "A socket of tcpx on which nothing arrives for so long is given up and replaced.");
    public static final Setting<Duration> TCPX_CLOSE_TIMEOUT = row("isthmus.tcpx.timeout.close", "1s",
            SettingParsers::duration, "How long tcpx waits for the other nodes when it closes.");

    public static final Setting<String> RDMA_PROVIDER = row("isthmus.rdma.provider", "auto", text -> text,
            "What rdma reaches devices through, by name: native, or software (inside one process, for tests); auto: "
                    + "the first that has a device.");
    public static final Setting<String> RDMA_ADDRESS = row("isthmus.rdma.address", "auto", text -> text,
            "Addresses of this node that belong to devices for RDMA, such as 10.0.0.1,10.1.0.1; shards take them in "
                    + "turn. auto: one of each port that is up.");
    public static final Setting<Integer> RDMA_RECEIVES = row("isthmus.rdma.receives", "256",
            SettingParsers.integer(16, 1 << 16), "Buffers of 32 KiB into which rdma receives, shared by all nodes.");
    public static final Setting<Integer> RDMA_ACTIVE =
            row("isthmus.rdma.active", "256", SettingParsers.integer(1, 1 << 16),
            "Most queue pairs that rdma has connected at a time; the one unused for longest goes"
                    + " to sleep for another.");
    public static final Setting<Integer> RDMA_SEND_WINDOW = row("isthmus.rdma.window.send", "12",
            SettingParsers.integer(1, 64), "Most large transfers to one node that rdma has under way.");
    public static final Setting<Integer> RDMA_RECEIVE_WINDOW = row("isthmus.rdma.window.receive", "16",
            SettingParsers.integer(1, 20), "Most large transfers from one node that rdma has places for; not below "
                    + "the send window of any node.");
    public static final Setting<Duration> RDMA_CONNECT_TIMEOUT =
            row("isthmus.rdma.timeout.connect", "10s", SettingParsers::duration,
            "How long rdma tries to connect, or to connect again, before the other node is lost.");
    public static final Setting<Duration> RDMA_HELLO_TIMEOUT = row("isthmus.rdma.timeout.hello", "2s",
            SettingParsers::duration, "How long the hello of one queue pair may take.");
    public static final Setting<Duration> RDMA_SILENCE_TIMEOUT =
            row("isthmus.rdma.timeout.silence", "5s", SettingParsers::duration,
            "A queue pair that was unused for so long is tried, so that a lost node is seen.");
    public static final Setting<Duration> RDMA_CLOSE_TIMEOUT = row("isthmus.rdma.timeout.close", "1s",
            SettingParsers::duration, "How long rdma waits for the other nodes when it closes.");

    private final Map<Setting<?>, Object> values = new IdentityHashMap<>();
    private final Map<Setting<?>, String> texts = new IdentityHashMap<>();
    private final Map<Setting<?>, String> origins = new IdentityHashMap<>();

    private Settings() {}

    private static <T> Setting<T> row(String key, String text, Function<String, T> parser,
            String help) {
        Setting<T> setting = new Setting<>(key, text, parser, help);
        ROWS.add(setting);
        return setting;
    }

    /** All rows, in the order of the table. */
    public static List<Setting<?>> table() {
        return List.copyOf(ROWS);
    }

    /** The settings of this process, from its system properties and environment. */
    public static Settings load() {
        return of(System.getenv(), System.getProperties());
    }

    /** The settings that the given environment and system properties say. */
    public static Settings of(Map<String, String> environment, Properties properties) {
        refuseUnknown(environment, properties);
        Settings settings = new Settings();
        for (Setting<?> setting : ROWS) {
            settings.resolve(setting, environment, properties);
        }
        return settings;
    }

    /** The value in force. */
    @SuppressWarnings("unchecked")
    public <T> T get(Setting<T> setting) {
        return (T) values.get(setting);
    }

    /** The value in force, as it was written. */
    public String text(Setting<?> setting) {
        return texts.get(setting);
    }

    /** Where the value came from: "default", "environment ISTHMUS_X_Y" or "property isthmus.x.y". */
    public String origin(Setting<?> setting) {
        return origins.get(setting);
    }

    private void resolve(Setting<?> setting, Map<String, String> environment, Properties properties) {
        String text = properties.getProperty(setting.key());
        String origin = "property " + setting.key();
        if (text == null) {
            text = environment.get(setting.environmentName());
            origin = "environment " + setting.environmentName();
        }
        if (text == null) {
            text = setting.defaultText();
            origin = "default";
        }
        try {
            values.put(setting, setting.parser().apply(text));
        } catch (IllegalArgumentException e) {
            throw new SettingException("setting " + setting.key() + " = \"" + text + "\" (" + origin + "): "
                    + e.getMessage());
        }
        texts.put(setting, text);
        origins.put(setting, origin);
    }

    private static void refuseUnknown(Map<String, String> environment, Properties properties) {
        List<String> keys = new ArrayList<>();
        List<String> variables = new ArrayList<>();
        for (Setting<?> setting : ROWS) {
            keys.add(setting.key());
            variables.add(setting.environmentName());
        }
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith("isthmus.") && !keys.contains(name)) {
                throw unknown("system property", name, keys);
            }
        }
        for (String name : environment.keySet()) {
            if (name.startsWith("ISTHMUS_") && !variables.contains(name) && !LauncherVariables.ALL.contains(name)) {
                throw unknown("environment variable", name, variables);
            }
        }
    }

    private static SettingException unknown(String kind, String name, List<String> known) {
        Optional<String> nearest = NearestName.of(name, known);
        return new SettingException("unknown setting: " + kind + " " + name + " is not in the table of settings"
                + nearest.map(candidate -> "; did you mean " + candidate + "?").orElse("")
                + " (`isthmus info` lists all)");
    }
}
