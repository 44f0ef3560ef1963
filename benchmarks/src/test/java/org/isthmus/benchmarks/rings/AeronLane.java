package org.isthmus.benchmarks.rings;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/** Aeron IPC: an exclusive publication and a subscription; one side embeds the media driver, which sleeps mostly. */
final class AeronLane implements Lane, FragmentHandler, AutoCloseable {
    private static final int TERM_BYTES = 1 << 20;
    private static final int STREAM = 10;

    private final MediaDriver driver;
    private final Aeron aeron;
    private final ExclusivePublication out;
    private final Subscription in;
    private final BufferClaim claim = new BufferClaim();
    private final int bytes;
    private Sink sink;

    /** @param client whether this is the side that asks; it has the driver */
    AeronLane(Path directory, boolean client, int bytes) {
        this.bytes = bytes;
        driver = client ? MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(directory.toString())
                .threadingMode(ThreadingMode.SHARED).sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
                .ipcTermBufferLength(TERM_BYTES).dirDeleteOnStart(true).dirDeleteOnShutdown(true)) : null;
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory.toString())
                .useConductorAgentInvoker(false).idleStrategy(new SleepingMillisIdleStrategy(1)));
        out = aeron.addExclusivePublication(CommonContext.IPC_CHANNEL, client ? STREAM : STREAM + 1);
        in = aeron.addSubscription(CommonContext.IPC_CHANNEL, client ? STREAM + 1 : STREAM);
    }

    @Override
    public boolean offer(long number) {
        if (out.tryClaim(bytes, claim) < 0) {
            return false;
        }
        for (int i = 0; i < bytes; i += 8) {
            claim.buffer().putLong(claim.offset() + i, number);
        }
        claim.commit();
        return true;
    }

    @Override
    public void flush() {
        // visible since commit
    }

    @Override
    public int drain(Sink to, int limit) {
        sink = to;
        return in.poll(this, limit);
    }

    @Override
    public void onFragment(DirectBuffer buffer, int at, int length, Header header) {
        long number = buffer.getLong(at);
        for (int i = 8; i < length; i += 8) {
            Words.check(number, buffer.getLong(at + i));
        }
        sink.accept(number);
    }

    @Override
    public void close() {
        aeron.close();
        if (driver != null) {
            driver.close();
        }
    }
}
