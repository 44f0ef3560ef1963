package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The session's own thread: waits on the control socket and watches the launcher. {@link ControlHub} is the one of
 * local rank 0, {@link ControlClient} that of the others, {@link LauncherWatch} that of a job of one rank.
 *
 * <p>Before {@link #wired} is complete a failure fails the wire-up; afterwards it goes to the {@link FailureNotice}.
 */
abstract class ControlLoop implements Runnable {
    static final long TICK_MILLIS = 200;
    /** Exit code that a failure gets when nobody said one. */
    static final int UNKNOWN_EXIT_CODE = 1;

    final Selector selector;
    final FailureNotice notice;
    final DeathNotice deaths = new DeathNotice();
    /** Complete when the segment is there: how many processors the local ranks have together. */
    final CompletableFuture<Integer> wired = new CompletableFuture<>();
    /** Complete when no other rank of this node needs anything of this one any more. */
    final CompletableFuture<Void> othersLeft = new CompletableFuture<>();
    /** Whether the others go on when a rank is lost. */
    final boolean survives;
    /** Null without a launcher. */
    private final LivenessProbe launcher;
    private volatile boolean stopped;
    private volatile Runnable onTick = () -> { };

    ControlLoop(Optional<LauncherProcess> launcher, FailureNotice notice, boolean survives) throws IOException {
        this.survives = survives;
        this.launcher = launcher.isPresent() ? new LivenessProbe(launcher.get()) : null;
        this.notice = notice;
        this.selector = Selector.open();
    }

    /** Handles what the key's channel has ready; an exception has been turned into a failure when this returns. */
    abstract void ready(SelectionKey key);

    long tickMillis() {
        return TICK_MILLIS;
    }

    /** Called several times a second. */
    abstract void tick();

    final void onTick(Runnable handler) {
        onTick = handler;
    }

    /** Tells the other ranks of a failure of this one. */
    abstract void report(NodeSession.Failure failure);

    /** Tells the other ranks that this one leaves. */
    abstract void sayGoodbye();

    /** Closes what the loop holds, at its end. */
    abstract void closeChannels() throws IOException;

    final void start(int rank) {
        Thread.ofPlatform().daemon().name("isthmus-control-" + rank).stackSize(256 << 10).start(this);
    }

    @Override
    public final void run() {
        try {
            while (!stopped) {
                selector.select(this::ready, tickMillis());
                if (launcherDied()) {
                    fail(launcherFailure());
                }
                tick();
                onTick.run();
            }
            closeChannels();
            selector.close();
            if (launcher != null) {
                launcher.close();
            }
        } catch (IOException e) {
            fail(new NodeSession.Failure(-1, UNKNOWN_EXIT_CODE, "the control connection failed: " + e));
        }
    }

    /** A failure of the job: fails the wire-up if that is still going on, else goes to the handler. */
    final void fail(NodeSession.Failure failure) {
        if (!wired.completeExceptionally(new BootstrapException(failure.description()))) {
            notice.raise(failure);
        }
    }

    /** The failure to report when a peer's connection ended: a dead launcher explains it better than a dead peer. */
    final NodeSession.Failure lost(int rank, String description) {
        return launcherDied() ? launcherFailure() : new NodeSession.Failure(rank, UNKNOWN_EXIT_CODE, description);
    }

    final boolean launcherDied() {
        return launcher != null && !launcher.isAlive();
    }

    final NodeSession.Failure launcherFailure() {
        return new NodeSession.Failure(-1, UNKNOWN_EXIT_CODE, "the launcher " + launcher + " has ended");
    }

    final void stop() {
        stopped = true;
        selector.wakeup();
    }
}
