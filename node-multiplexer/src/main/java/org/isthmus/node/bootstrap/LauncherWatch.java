package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.util.Optional;

/** The loop of a job of one rank that has a launcher: there is nobody to talk to. */
final class LauncherWatch extends ControlLoop {
    LauncherWatch(LauncherProcess launcher, FailureNotice notice) throws IOException {
        super(Optional.of(launcher), notice, false);
        wired.complete(Runtime.getRuntime().availableProcessors());
    }

    @Override
    void ready(SelectionKey key) {
        throw new IllegalStateException("no channel is registered");
    }

    @Override
    void tick() {}

    @Override
    void report(NodeSession.Failure failure) {}

    @Override
    void sayGoodbye() {}

    @Override
    void closeChannels() {}
}
