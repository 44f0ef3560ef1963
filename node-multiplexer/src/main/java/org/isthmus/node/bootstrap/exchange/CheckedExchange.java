package org.isthmus.node.bootstrap.exchange;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** The checks that are the same whatever carries the values: arguments, ranks, state. */
abstract class CheckedExchange implements Exchange {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]{1," + MAX_KEY + "}");

    private final Set<String> keys = new HashSet<>();
    private boolean closed;

    abstract void send(String key, byte[] value);

    abstract void awaitAll();

    /** The value, or null if that rank did not put it. */
    abstract byte[] fetch(int rank, String key);

    abstract void leave();

    @Override
    public final void put(String key, byte[] value) {
        requireKey(key);
        requireOpen();
        if (value.length > MAX_VALUE) {
            throw new IllegalArgumentException("the value of key " + key + " has " + value.length
                    + " bytes, at most " + MAX_VALUE + " are allowed: exchange a short address, not the data");
        }
        if (!keys.add(key)) {
            throw new IllegalArgumentException("key " + key + " was put before; a rank puts a key once");
        }
        send(key, value.clone());
    }

    @Override
    public final void fence() {
        requireOpen();
        awaitAll();
    }

    @Override
    public final byte[] get(int rank, String key) {
        requireKey(key);
        if (rank < 0 || rank >= size()) {
            throw new IllegalArgumentException("rank " + rank + " is not in 0 to " + (size() - 1));
        }
        requireOpen();
        byte[] value = fetch(rank, key);
        if (value == null) {
            throw new ExchangeException("rank " + rank + " has put no value " + key + " (" + name()
                    + "); do all ranks run the same isthmus.jar?");
        }
        return value;
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            leave();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the exchange is closed");
        }
    }

    private static void requireKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("key \"" + key + "\" is not 1 to " + MAX_KEY
                    + " letters, digits, '-', '_' or '.'");
        }
    }
}
