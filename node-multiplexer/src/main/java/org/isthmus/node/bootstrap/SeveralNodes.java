package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.isthmus.node.bootstrap.exchange.Exchange;
import org.isthmus.node.bootstrap.exchange.ExchangeException;
import org.isthmus.node.bootstrap.exchange.NodeIdentity;
import org.isthmus.node.bootstrap.exchange.NodeMap;
import org.isthmus.node.config.Settings;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.mux.JobFailure;
import org.isthmus.node.mux.MultiplexerOptions;
import org.isthmus.node.mux.MultiplexerProcess;
import org.isthmus.node.spi.EndpointAddress;
import org.isthmus.node.wire.JobIdentification;

/**
 * What the ranks of a job tell each other by the job-wide exchange: who shares a node, the job's secret, and where the
 * nodes' multiplexers are reached. One thread.
 *
 * <pre>
 *   meet: node identities, job key and secret of rank 0 --fence--> NodeMap
 *   join the node's own session, make or attach its segment
 *   startMultiplexer: first rank of each node starts the process, puts its address --fence--> directory
 * </pre>
 */
final class SeveralNodes implements AutoCloseable {
    private static final String ADDRESS_KEY = "multiplexer";
    private static final String BELL_KEY = "bell";

    private final Exchange exchange;
    private final NodeMap map;
    private final String jobKey;
    private final byte[] secret;
    private final int shards;

    private SeveralNodes(Exchange exchange, NodeMap map) {
        this.exchange = exchange;
        this.map = map;
        this.jobKey = new String(exchange.get(0, "job"), StandardCharsets.UTF_8);
        this.secret = exchange.get(0, "secret");
        this.shards = exchange.get(0, "shards")[0];
    }

    /** Finds out who is where; all ranks of the job call it. The exchange is this object's from now on. */
    static SeveralNodes meet(Exchange exchange, Settings settings) {
        try {
            boolean first = exchange.rank() == 0;
            byte[] random = new byte[JobIdentification.MIN_SECRET_BYTES];
            new SecureRandom().nextBytes(random);
            exchange.put("job", first ? UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8) : new byte[0]);
            exchange.put("secret", first ? random : new byte[0]);
            int shards = MultiplexerOptions.shards(settings, Runtime.getRuntime().availableProcessors());
            exchange.put("shards", first ? new byte[] {(byte) shards} : new byte[0]);
            return new SeveralNodes(exchange,
                    NodeMap.exchange(exchange, NodeIdentity.here(settings.get(Settings.SHM_DIRECTORY))));
        } catch (ExchangeException e) {
            exchange.close();
            throw new BootstrapException(e.getMessage(), e);
        }
    }

    NodeMap map() {
        return map;
    }

    /** Who this process is. */
    JobIdentity identity() {
        int rank = exchange.rank();
        return new JobIdentity(exchange.name(), "EXCHANGE|" + jobKey, rank, map.ranks(), map.localRank(rank),
                map.localSize(rank));
    }

    NodeRanks ranksHere() {
        return new NodeRanks(map.ranks(), map.ranksOn(map.node(exchange.rank()))).withShards(shards);
    }

    /**
     * Brings the multiplexers of all nodes together; all ranks call it once their segments are there.
     *
     * @param segment name that the segment's file had
     * @return this node's multiplexer in its first rank, null in the others
     */
    MultiplexerProcess startMultiplexer(Path segment, boolean oversubscribed, Consumer<JobFailure> onFailure) {
        int rank = exchange.rank();
        int node = map.node(rank);
        try {
            MultiplexerProcess process = null;
            if (map.localRank(rank) == 0) {
                process = MultiplexerProcess.start(reachable(segment), jobKey, secret, node, map.nodes(),
                        ranksHere(), oversubscribed);
                EndpointAddress[] own = process.addresses();
                for (int shard = 0; shard < shards; shard++) {
                    exchange.put(ADDRESS_KEY + shard, own[shard].text().getBytes(StandardCharsets.UTF_8));
                }
                exchange.put(BELL_KEY, String.join(" ", process.bells(shards)).getBytes(StandardCharsets.UTF_8));
            }
            exchange.fence();
            if (process != null) {
                EndpointAddress[][] addresses = new EndpointAddress[map.nodes()][shards];
                for (int other = 0; other < addresses.length; other++) {
                    for (int shard = 0; shard < shards; shard++) {
                        byte[] text = exchange.get(map.ranksOn(other)[0], ADDRESS_KEY + shard);
                        addresses[other][shard] = EndpointAddress.parse(new String(text, StandardCharsets.UTF_8));
                    }
                }
                int[] nodeOfRank = new int[map.ranks()];
                for (int other = 0; other < nodeOfRank.length; other++) {
                    nodeOfRank[other] = map.node(other);
                }
                process.begin(nodeOfRank, addresses, onFailure);
            }
            exchange.fence();
            return process;
        } catch (ExchangeException e) {
            throw new BootstrapException(e.getMessage(), e);
        } catch (IOException e) {
            throw new BootstrapException("the multiplexer of node " + node + " could not be started: " + e, e);
        }
    }

    /** By shard, the path of the pipe by which this node's multiplexer is woken; empty for none. After its start. */
    String[] bells() {
        byte[] text = exchange.get(map.ranksOn(map.node(exchange.rank()))[0], BELL_KEY);
        return new String(text, StandardCharsets.UTF_8).split(" ", -1);
    }

    /** A path at which another process can open a file of this one whose name is gone. */
    private static String reachable(Path file) throws IOException {
        Path descriptors = Path.of("/proc", Long.toString(LauncherProcess.currentPid()), "fd");
        try (Stream<Path> open = Files.list(descriptors)) {
            return open.filter(fd -> target(fd).startsWith(file.toString())).findFirst()
                    .orElseThrow(() -> new IOException("no open file of this process is " + file)).toString();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (java.nio.file.NoSuchFileException e) {
            return ""; // closed meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        exchange.close();
    }
}
