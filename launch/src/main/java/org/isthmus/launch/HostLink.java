package org.isthmus.launch;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/** The launcher's side of one host's agent. A thread of its own reads; any thread sends. */
final class HostLink {
    private static final int MOST_GREETING = 65536;

    /** What an agent tells. */
    sealed interface Event {
        HostLink link();

        /** The agent is there and speaks our version. */
        record Ready(HostLink link) implements Event {}

        record Output(HostLink link, int rank, boolean error, byte[] bytes) implements Event {}

        /** @param byItself whether its host's agent had sent it no signal */
        record Exited(HostLink link, int rank, int code, boolean byItself) implements Event {}

        record CannotStart(HostLink link, int rank, String reason) implements Event {}

        /** All its ranks have ended on our order. */
        record Gone(HostLink link) implements Event {}

        /** The connection ended or broke. */
        record Lost(HostLink link, String reason) implements Event {}
    }

    final RankPlacement.Share share;
    final Process agent;
    private final DataOutputStream output;
    private final Consumer<Event> events;

    /**
     * Starts the agent on its host; what it says comes as events from then on.
     */
    HostLink(RankPlacement.Share share, AgentCommand command, Consumer<Event> events) throws IOException {
        this.share = share;
        this.events = events;
        agent = command.start(share.host().name(), HostAgent.class);
        output = new DataOutputStream(new BufferedOutputStream(agent.getOutputStream()));
        Thread.ofPlatform().daemon().name("agent-of-" + host()).start(this::read);
    }

    String host() {
        return share.host().name();
    }

    synchronized void start(HostJob job) throws IOException {
        job.write(output);
    }

    /** Passes input to rank 0, which is on this host; no bytes mean its end. */
    synchronized void input(byte[] bytes, int count) throws IOException {
        output.writeByte(HostJob.INPUT);
        output.writeInt(count);
        output.write(bytes, 0, count);
        output.flush();
    }

    /** Orders the end of all ranks. False if the agent is gone. */
    synchronized boolean end(long momentMillis) {
        try {
            output.writeByte(HostJob.END);
            output.writeLong(momentMillis);
            output.flush();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void read() {
        try (DataInputStream input = new DataInputStream(new BufferedInputStream(agent.getInputStream()))) {
            skipToBanner(input);
            int version = input.readInt();
            if (version != HostJob.VERSION) {
                throw new IOException("its isthmus.jar is of another version (" + version
                        + ", here " + HostJob.VERSION + ")");
            }
            events.accept(new Event.Ready(this));
            while (true) {
                events.accept(event(input));
            }
        } catch (EOFException e) {
            events.accept(new Event.Lost(this, "its agent ended"));
        } catch (IOException e) {
            events.accept(new Event.Lost(this, e.getMessage()));
        }
    }

    private static void skipToBanner(DataInputStream input) throws IOException {
        byte[] last = new byte[HostJob.BANNER.length];
        for (int i = 0; i < MOST_GREETING; i++) {
            System.arraycopy(last, 1, last, 0, last.length - 1);
            last[last.length - 1] = input.readByte();
            if (Arrays.equals(last, HostJob.BANNER)) {
                return;
            }
        }
        throw new IOException("its agent printed " + MOST_GREETING + " bytes that are none of ours");
    }

    private Event event(DataInputStream input) throws IOException {
        byte type = input.readByte();
        return switch (type) {
            case HostJob.OUTPUT -> new Event.Output(this, rank(input), input.readBoolean(),
                    HostJob.readBytes(input, HostJob.CHUNK));
            case HostJob.EXITED -> new Event.Exited(this, rank(input), input.readInt(), input.readBoolean());
            case HostJob.CANNOT_START -> new Event.CannotStart(this, rank(input), HostJob.readText(input));
            case HostJob.GONE -> new Event.Gone(this);
            default -> throw new IOException("its agent sent a message of unknown type " + type);
        };
    }

    private int rank(DataInputStream input) throws IOException {
        int rank = input.readInt();
        if (!share.ranks().contains(rank)) {
            throw new IOException("its agent speaks of rank " + rank + ", which is not there");
        }
        return rank;
    }
}
