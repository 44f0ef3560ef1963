package org.isthmus.comm.dynamic;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.ScheduledCollectives;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.pt2pt.PointToPoint;
import org.isthmus.comm.pt2pt.TransferRequest;
import org.isthmus.node.bootstrap.exchange.ExchangeException;
import org.isthmus.node.bootstrap.exchange.JobSecret;
import org.isthmus.node.bootstrap.exchange.Rendezvous;
import org.isthmus.node.bootstrap.exchange.RendezvousServer;
import org.isthmus.node.config.Settings;
import org.isthmus.node.connect.ConnectedProcesses;

/**
 * One spawn: its processes are started, on the root's host by the root, on other hosts by the lowest member there, and
 * have come to the root's port. Collective over the communicator, under the engine lock.
 *
 * <pre>
 *   hosts --gather--> root: plan --bcast--> all; starters start theirs
 *   starter: report, when one of its processes fails or when the root has decided   root: decision, when all came,
 *   one failed or the time is over                                                  then the outcome --bcast--> all
 * </pre>
 */
final class SpawnCall implements AutoCloseable {
    private static final TypeMap INT = TypeMap.of(Primitive.INT);
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    private static final int REPORT_TEXT = 2000;

    private final Communicator comm;
    private final int root;
    private final String host;
    private final ConnectedProcesses connected;
    private final IntUnaryOperator nodeOf;
    private final Settings settings;
    private final Background background;
    private final ScheduledCollectives collectives;
    private final boolean severalHosts;
    private String port;
    private RendezvousServer rendezvous;
    private Children children;

    /** @param nodeOf number of the node of a rank of this job */
    SpawnCall(Communicator comm, int root, String host, ConnectedProcesses connected, IntUnaryOperator nodeOf,
            Settings settings) {
        this.comm = comm;
        this.root = root;
        this.host = host;
        this.connected = connected;
        this.nodeOf = nodeOf;
        this.settings = settings;
        this.background = new Background(comm.progress(), connected);
        this.collectives = new ScheduledCollectives(comm, AlgorithmTable.ofPointToPoint());
        this.severalHosts = !connected.isAnyForeign(comm.worldRanks())
                && Arrays.stream(comm.worldRanks()).map(nodeOf).distinct().count() > 1;
    }

    /** The root's port, to which the processes have come. */
    String port() {
        return port;
    }

    /** Those that this member started; null for none. */
    Children children() {
        return children;
    }

    /**
     * Starts all, or ends what was started.
     *
     * @param errorCodes gets an error class for each process, as far as it has room; may be null
     * @throws CommException on all members
     */
    void start(Supplier<List<SpawnCommand>> commands, int[] errorCodes) {
        List<SpawnHost> hosts = hosts();
        CommException failure = null;
        SpawnPlan plan = null;
        int[] codes = {};
        if (comm.rank() == root) {
            try {
                List<SpawnCommand> list = commands.get();
                codes = new int[list.stream().mapToInt(SpawnCommand::processes).reduce(0, Math::addExact)];
                plan = plan(list, hosts);
            } catch (CommException e) {
                failure = e;
                Arrays.fill(codes, ErrorClass.SPAWN);
            }
        }
        if (severalHosts) {
            plan = share(plan);
        }
        int reportTag = comm.nextCollectiveTag();
        int decisionTag = comm.nextCollectiveTag();
        if (plan != null) {
            Outcome outcome = run(plan, reportTag, decisionTag);
            failure = outcome.failure();
            codes = outcome.codes();
        }
        tell(failure, codes, errorCodes);
    }

    /** Where processes can be started, the root's host first. */
    private List<SpawnHost> hosts() {
        if (!severalHosts) {
            return List.of(SpawnHost.here(root, host));
        }
        byte[] all = new byte[SpawnHost.BYTES * comm.size()];
        collectives.allgather(SpawnHost.here(comm.rank(), host).encode(), 0, SpawnHost.BYTES, BYTE, all, 0,
                SpawnHost.BYTES, BYTE);
        List<SpawnHost> hosts = new ArrayList<>(List.of(SpawnHost.decode(root, all, root * SpawnHost.BYTES)));
        List<Integer> nodes = new ArrayList<>(List.of(nodeOf.applyAsInt(comm.worldRank(root))));
        for (int member = 0; member < comm.size(); member++) {
            int node = nodeOf.applyAsInt(comm.worldRank(member));
            if (!nodes.contains(node)) {
                nodes.add(node);
                hosts.add(SpawnHost.decode(member, all, member * SpawnHost.BYTES));
            }
        }
        return hosts;
    }

    private SpawnPlan plan(List<SpawnCommand> commands, List<SpawnHost> hosts) {
        int[] starters = Arrays.stream(new SpawnPlacement(hosts).place(commands))
                .map(i -> hosts.get(i).starter()).toArray();
        port = connected.openPort();
        String jobKey = JobSecret.random().hex();
        if (Arrays.stream(starters).distinct().count() == 1) {
            return new SpawnPlan(commands, starters, jobKey, port, "", "");
        }
        JobSecret secret = JobSecret.random();
        try {
            rendezvous = RendezvousServer.open(Rendezvous.localAddresses().stream()
                    .map(address -> new InetSocketAddress(address, 0)).toList(), secret, "ISTHMUS|" + jobKey,
                    starters.length, limit());
        } catch (ExchangeException e) {
            throw new CommException(ErrorClass.SPAWN, e.getMessage(), e);
        }
        return new SpawnPlan(commands, starters, jobKey, port, Rendezvous.format(rendezvous.addresses()), secret.hex());
    }

    private Duration limit() {
        return settings.get(Settings.WIREUP_TIMEOUT);
    }

    /** The root's plan on all members; null if it has none. */
    private SpawnPlan share(SpawnPlan plan) {
        byte[] bytes = plan == null ? new byte[0] : plan.encode();
        int[] length = {bytes.length};
        collectives.bcast(length, 0, 1, INT, root);
        if (length[0] == 0) {
            return null;
        }
        byte[] told = comm.rank() == root ? bytes : new byte[length[0]];
        collectives.bcast(told, 0, told.length, BYTE, root);
        return SpawnPlan.decode(told);
    }

    /** What became of it; the failure is null if nothing went wrong that this member knows of. */
    private record Outcome(CommException failure, int[] codes) {}

    private Outcome run(SpawnPlan plan, int reportTag, int decisionTag) {
        if (plan.ranksOf(comm.rank()).length > 0) {
            children = new Children(plan, comm.rank(), host, connected::wake);
        }
        if (comm.rank() == root) {
            return decide(plan, reportTag, decisionTag);
        }
        if (children != null) {
            follow(plan, reportTag, decisionTag);
        }
        return new Outcome(null, new int[plan.size()]);
    }

    /** The root: waits until all have come, or something is in the way. */
    private Outcome decide(SpawnPlan plan, int reportTag, int decisionTag) {
        int[] others = Arrays.stream(plan.starters()).filter(starter -> starter != root).distinct().toArray();
        ByteBuffer[] reports = new ByteBuffer[others.length];
        TransferRequest[] requests = new TransferRequest[others.length];
        for (int i = 0; i < others.length; i++) {
            reports[i] = ByteBuffer.allocate(reportBytes(plan));
            requests[i] = messages()
                    .irecv(comm.collective(), reports[i].array(), 0, reports[i].capacity(), BYTE, others[i], reportTag);
        }
        long deadline = System.nanoTime() + limit().toNanos();
        if (children == null || children.start()) {
            comm.progress().await(() -> connected.isAwaited(port) || children != null && children.failure() != null
                    || Arrays.stream(requests).anyMatch(TransferRequest::isDone) || System.nanoTime() - deadline > 0);
        }
        boolean came = connected.isAwaited(port) && (children == null || children.failure() == null)
                && Arrays.stream(requests).noneMatch(TransferRequest::isDone);
        for (int other : others) {
            messages().send(comm.collective(), PointToPoint.Mode.STANDARD, new byte[] {(byte) (came ? 1 : 0)}, 0, 1,
                    BYTE, other, decisionTag);
        }
        int[] codes = children == null ? new int[plan.size()] : children.errorCodes();
        String reason = children == null ? null : children.failure();
        for (int i = 0; i < others.length; i++) {
            comm.progress().await(requests[i]);
            byte[] text = new byte[reports[i].getInt()];
            reports[i].get(text);
            if (text.length > 0 && reason == null) {
                reason = new String(text, StandardCharsets.UTF_8);
            }
            for (int rank = 0; rank < codes.length; rank++) {
                codes[rank] = reports[i].get(4 + REPORT_TEXT + rank) == 0 ? codes[rank] : ErrorClass.SPAWN;
            }
        }
        if (reason == null && !came) {
            reason = "the spawned processes did not call MPI.Init within " + settings.text(Settings.WIREUP_TIMEOUT)
                    + "; a slow start needs a longer " + Settings.WIREUP_TIMEOUT.key() + " ("
                    + Settings.WIREUP_TIMEOUT.environmentName() + ")";
        }
        return new Outcome(reason == null ? null : new CommException(ErrorClass.SPAWN, reason), codes);
    }

    /** Another starter: reports once, and does what the root decides. */
    private void follow(SpawnPlan plan, int reportTag, int decisionTag) {
        byte[] decision = new byte[1];
        TransferRequest decided = messages().irecv(comm.collective(), decision, 0, 1, BYTE, root, decisionTag);
        if (children.start()) {
            comm.progress().await(() -> decided.isDone() || children.failure() != null);
        }
        ByteBuffer report = ByteBuffer.allocate(reportBytes(plan));
        byte[] text = children.failure() == null ? new byte[0] : children.failure().getBytes(StandardCharsets.UTF_8);
        report.putInt(Math.min(text.length, REPORT_TEXT)).put(text, 0, Math.min(text.length, REPORT_TEXT));
        int[] codes = children.errorCodes();
        for (int rank = 0; rank < codes.length; rank++) {
            report.put(4 + REPORT_TEXT + rank, (byte) (codes[rank] == ErrorClass.SUCCESS ? 0 : 1));
        }
        messages().send(comm.collective(), PointToPoint.Mode.STANDARD, report.array(), 0, report.capacity(), BYTE, root,
                reportTag);
        comm.progress().await(decided);
    }

    private static int reportBytes(SpawnPlan plan) {
        return 4 + REPORT_TEXT + plan.size();
    }

    private PointToPoint messages() {
        return comm.pointToPoint();
    }

    /** Tells all members how starting went; throws on all if it failed. */
    private void tell(CommException failure, int[] codes, int[] errorCodes) {
        int[] outcome = {failure == null ? ErrorClass.SUCCESS : failure.errorClass(), codes.length};
        collectives.bcast(outcome, 0, 2, INT, root);
        int[] told = comm.rank() == root ? codes : new int[outcome[1]];
        collectives.bcast(told, 0, told.length, INT, root);
        if (errorCodes != null) {
            System.arraycopy(told, 0, errorCodes, 0, Math.min(told.length, errorCodes.length));
        }
        if (failure != null) {
            throw failure;
        } else if (outcome[0] != ErrorClass.SUCCESS) {
            throw new CommException(outcome[0], "rank " + root
                    + " of the communicator, the root, could not spawn; its own error says why");
        }
    }

    /** Ends what this member has started. */
    void end() {
        if (children == null) {
            return;
        }
        try {
            background.await(() -> {
                children.end();
                return null;
            });
        } catch (IOException e) {
            throw new CommException(ErrorClass.INTERN, "ending the spawned processes failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (port != null) {
            connected.closePort(port);
        }
        if (rendezvous != null) {
            rendezvous.close();
        }
    }
}
