package org.isthmus.node.bootstrap.exchange;

/**
 * The job-wide exchange of small values at start-up: each rank puts values, all call {@link #fence}, then each may get
 * what any rank has put. One thread at a time calls it.
 *
 * <p>Every call ends: with its result, or with {@link ExchangeException} when the deadline of the exchange has passed,
 * a rank has gone, or the launcher does not answer. After an exception only {@link #close} may be called.
 */
public interface Exchange extends AutoCloseable {
    /** Most characters of a key; a key consists of letters, digits, {@code -}, {@code _} and {@code .}. */
    int MAX_KEY = 32;
    /** Most bytes of a value. */
    int MAX_VALUE = 65536;
    /** Most ranks of a job. */
    int MAX_RANKS = 1 << 20;

    /** What carries the values, for messages: "PMIx 4.2.2", "rendezvous at 10.0.0.1:4000" ... */
    String name();

    /** Rank of this process in the job. */
    int rank();

    /** Ranks of the job. */
    int size();

    /**
     * Makes a value known to all ranks from the next {@link #fence} on. A rank puts a key once.
     *
     * @param key letters, digits, {@code - _ .}; at most {@link #MAX_KEY}
     * @param value at most {@link #MAX_VALUE} bytes, any content; copied
     */
    void put(String key, byte[] value);

    /** Returns when all ranks of the job have called it as often as this one. */
    void fence();

    /**
     * The value that a rank put before a fence that has been passed.
     *
     * @throws ExchangeException also if that rank did not put that key
     */
    byte[] get(int rank, String key);

    /** Leaves the exchange in order; after a failure, drops it. May be called twice. */
    @Override
    void close();
}
