package org.isthmus.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.isthmus.node.bootstrap.ProcessTree;

/**
 * Runs a job over several hosts to its end, with the rules of {@link JobSupervisor}: no rank starts before all hosts
 * have answered; the first failing rank ends all; a lost host is a failure, and what it left is swept away. A signal
 * that ends this process ends all ranks first; if it is killed, the agents see the end of their streams.
 */
final class HostsSupervisor {
    private static final long MOMENT_MILLIS = 250;
    private static final long GONE_MILLIS = 3 * ProcessTree.TERM_GRACE_MILLIS;
    private static final int LOST = 1;

    private final RankPlacement placement;
    private final AgentCommand command;
    private final HostJob job;
    private final Duration launchTimeout;
    private final Duration timeout;
    private final RankOutput output;
    private final IntConsumer endedWell;
    private final BlockingQueue<HostLink.Event> events = new LinkedBlockingQueue<>();
    private final List<HostLink> links = new ArrayList<>();
    private final Set<HostLink> unheard = new HashSet<>();
    private final Set<HostLink> ended = new HashSet<>();
    private final long start = System.nanoTime();
    private HostLink.Event.Exited cause;
    private volatile boolean stopping;

    /**
     * @param job what all hosts get, without ranks
     * @param launchTimeout for the answers of the hosts
     * @param timeout for the job, null for none
     * @param endedWell is told of each rank that ends with code 0
     */
    HostsSupervisor(RankPlacement placement, AgentCommand command, HostJob job, Duration launchTimeout,
            Duration timeout, RankOutput output, IntConsumer endedWell) {
        this.endedWell = endedWell;
        this.placement = placement;
        this.command = command;
        this.job = job;
        this.launchTimeout = launchTimeout;
        this.timeout = timeout;
        this.output = output;
    }

    /** Returns the exit code of the job. */
    int run() throws InterruptedException {
        Thread hook = Thread.ofPlatform().unstarted(this::stopFromSignal);
        Runtime.getRuntime().addShutdownHook(hook);
        int code = supervise();
        if (!stopping) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        return code;
    }

    private int supervise() throws InterruptedException {
        String problem = reachAll();
        if (problem != null) {
            endUnheard();
            endAll(0);
            System.err.println("isthmus run: " + problem + "; no rank was started");
            return ExitCodes.CANNOT_START;
        }
        try {
            for (HostLink link : links) {
                link.start(new HostJob(job.jobKey(), link.share.ranks(), job.directory(), job.programs()));
            }
        } catch (IOException e) {
            // the agent has gone, which comes as an event
        }
        Thread.ofPlatform().daemon().name("input-of-rank-0").start(this::passInput);
        return superviseRanks();
    }

    /** Starts all agents and waits for them; returns what is wrong, or null. */
    private String reachAll() throws InterruptedException {
        for (RankPlacement.Share share : placement.shares()) {
            try {
                HostLink link = new HostLink(share, command, events::add);
                unheard.add(link);
                synchronized (links) {
                    links.add(link);
                }
            } catch (IOException e) {
                return "the agent command for host " + share.host().name() + " cannot be started: " + e.getMessage();
            }
        }
        long deadline = System.nanoTime() + launchTimeout.toNanos();
        while (!unheard.isEmpty()) {
            HostLink.Event event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                return "host(s) " + unheard.stream().map(HostLink::host).sorted().collect(Collectors.joining(", "))
                        + " did not answer within " + launchTimeout.toMillis() + " ms (agent command: "
                        + String.join(" ", command.words()) + "); check the name and that the command works without a "
                        + "password, or set a longer isthmus.launch.timeout (ISTHMUS_LAUNCH_TIMEOUT)";
            }
            if (event instanceof HostLink.Event.Lost lost) {
                String host = lost.link().host();
                return "host " + host + " cannot be used: " + lost.reason() + describeEnd(lost.link())
                        + " (what it said stands above; by hand: " + command.trial(host) + ")";
            }
            unheard.remove(event.link());
        }
        return null;
    }

    /** Agents that have not answered have started nothing, and would not obey. */
    private void endUnheard() throws InterruptedException {
        ProcessTree.end(unheard.stream().map(link -> link.agent).toList(), 0);
        ended.addAll(unheard);
    }

    private static String describeEnd(HostLink link) throws InterruptedException {
        return link.agent.waitFor(ProcessTree.TERM_GRACE_MILLIS, TimeUnit.MILLISECONDS)
                ? ", " + ExitCodes.describe(link.agent.exitValue()) : "";
    }

    private int superviseRanks() throws InterruptedException {
        long deadline = timeout == null ? 0 : System.nanoTime() + timeout.toNanos();
        int left = job.programs().size();
        while (left > 0) {
            HostLink.Event event = timeout == null ? events.take()
                    : events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            switch (event) {
                case null -> {
                    endAll(0);
                    System.err.println("isthmus run: the job was ended after its --timeout of "
                            + timeout.toMillis() + " ms");
                    return ExitCodes.TIMED_OUT;
                }
                case HostLink.Event.Exited exited when exited.code() == 0 -> {
                    output.ended(exited.rank());
                    endedWell.accept(exited.rank());
                    left--;
                }
                case HostLink.Event.Exited exited -> {
                    output.ended(exited.rank());
                    return fail(exited);
                }
                case HostLink.Event.CannotStart problem -> {
                    return fail(ExitCodes.CANNOT_START, "rank " + problem.rank() + " cannot be started on host "
                            + event.link().host() + ": " + problem.reason());
                }
                case HostLink.Event.Lost lost -> {
                    ended.add(event.link());
                    String end = describeEnd(event.link());
                    sweep(event.link());
                    return fail(LOST, "host " + event.link().host() + " was lost: " + lost.reason() + end);
                }
                default -> handle(event);
            }
        }
        endAll(0);
        return 0;
    }

    /**
     * A rank has failed. Others end because of it, and over several hosts their news may be here first: a rank that
     * somebody else's signal ended is the cause.
     */
    private int fail(HostLink.Event.Exited first) throws InterruptedException {
        cause = first;
        endAll(MOMENT_MILLIS);
        return report(cause.code(), "rank " + cause.rank() + " of " + job.programs().size() + " on host "
                + cause.link().host() + " failed: " + ExitCodes.describe(cause.code()));
    }

    private int fail(int code, String message) throws InterruptedException {
        endAll(MOMENT_MILLIS);
        return report(code, message);
    }

    private int report(int code, String message) {
        if (!stopping) {
            System.err.println("isthmus run: " + message + "; the job was ended");
        }
        return code;
    }

    private void handle(HostLink.Event event) {
        if (event instanceof HostLink.Event.Output bytes) {
            output.write(bytes.rank(), bytes.error(), bytes.bytes());
        } else if (event instanceof HostLink.Event.Exited exited) {
            output.ended(exited.rank());
            if (cause != null && !ExitCodes.isSignal(cause.code()) && ExitCodes.isSignal(exited.code())
                    && exited.byItself()) {
                cause = exited;
            }
        }
    }

    /** Ends the ranks of all hosts, then the agents; output that still comes is shown. */
    private void endAll(long momentMillis) throws InterruptedException {
        for (HostLink link : links) {
            if (!link.end(momentMillis)) {
                ended.add(link);
            }
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(momentMillis + GONE_MILLIS);
        while (ended.size() < links.size()) {
            HostLink.Event event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                break;
            }
            if (event instanceof HostLink.Event.Gone || event instanceof HostLink.Event.Lost) {
                ended.add(event.link());
            }
            handle(event);
        }
        for (HostLink link : links) {
            if (!link.agent.waitFor(ProcessTree.TERM_GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                ProcessTree.end(List.of(link.agent), 0);
            }
        }
    }

    /** On a thread of its own: this process ends when it returns. */
    private void stopFromSignal() {
        stopping = true;
        try {
            List<HostLink> reached;
            synchronized (links) {
                reached = List.copyOf(links);
            }
            reached.forEach(link -> link.end(0));
            for (HostLink link : reached) {
                if (!link.agent.waitFor(GONE_MILLIS, TimeUnit.MILLISECONDS)) {
                    ProcessTree.end(List.of(link.agent), 0);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sweep(HostLink lost) throws InterruptedException {
        try {
            Process sweeper = command.start(lost.host(), HostSweep.class);
            try (OutputStream key = sweeper.getOutputStream()) {
                long age = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                key.write((job.jobKey() + " " + age).getBytes(StandardCharsets.UTF_8));
            }
            if (!sweeper.waitFor(launchTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                sweeper.destroyForcibly();
                System.err.println("isthmus run: host " + lost.host()
                        + " does not answer; processes of the job may be left there");
            }
        } catch (IOException e) {
            System.err.println("isthmus run: host " + lost.host() + " cannot be swept: " + e.getMessage());
        }
    }

    private void passInput() {
        HostLink first = links.stream().filter(link -> link.share.ranks().contains(0)).findFirst().orElseThrow();
        byte[] bytes = new byte[HostJob.CHUNK];
        try {
            for (int count = System.in.read(bytes); count > 0; count = System.in.read(bytes)) {
                first.input(bytes, count);
            }
            first.input(bytes, 0);
        } catch (IOException e) {
            // rank 0 or its host has gone, or there is no input
        }
    }
}
