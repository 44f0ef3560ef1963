package org.isthmus.node.bootstrap.exchange;

import java.time.Duration;

/** The exchange of the rank that also runs the server; it stays until all ranks have left. */
final class HostedExchange extends CheckedExchange {
    private final Exchange own;
    private final RendezvousServer server;
    private final Duration timeout;
    private final Runnable afterwards;

    HostedExchange(Exchange own, RendezvousServer server, Duration timeout, Runnable afterwards) {
        this.own = own;
        this.server = server;
        this.timeout = timeout;
        this.afterwards = afterwards;
    }

    @Override
    public String name() {
        return own.name();
    }

    @Override
    public int rank() {
        return own.rank();
    }

    @Override
    public int size() {
        return own.size();
    }

    @Override
    void send(String key, byte[] value) {
        own.put(key, value);
    }

    @Override
    void awaitAll() {
        own.fence();
    }

    @Override
    byte[] fetch(int rank, String key) {
        return own.get(rank, key);
    }

    @Override
    void leave() {
        own.close();
        try {
            server.awaitDepartures(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            server.close();
            afterwards.run();
        }
    }
}
