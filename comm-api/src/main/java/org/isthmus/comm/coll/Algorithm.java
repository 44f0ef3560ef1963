package org.isthmus.comm.coll;

/**
 * One way to do one collective. Stateless, so one object serves all calls of all threads. The class comment says when
 * it is chosen and why, what it costs (alpha: a message, beta: a byte sent, gamma: a byte reduced, p ranks, n bytes),
 * and what it cannot do.
 */
public interface Algorithm {
    /** Its name in settings; unique among the algorithms of its collective. */
    String name();

    /**
     * Whether it can do {@code call}. Decides from what is equal on all ranks only, so that all agree: kind, size, op,
     * root, {@link CollectiveCall#bytes()}, and the count of a reduction.
     */
    default boolean supports(CollectiveCall call) {
        return true;
    }

    /** Adds this rank's steps of {@code call} to {@code schedule}. */
    void build(CollectiveCall call, Schedule schedule);
}
