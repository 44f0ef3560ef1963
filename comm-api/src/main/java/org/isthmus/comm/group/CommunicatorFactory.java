package org.isthmus.comm.group;

/** Makes and frees communicators (MPI 3.1, section 6.4). Each call is collective as its comment says. */
public interface CommunicatorFactory {
    /** Collective over {@code parent}. */
    Communicator dup(Communicator parent);

    /**
     * Collective over {@code parent}; members of one colour meet, in order of key, then of rank in the parent.
     *
     * @param color not negative, or -1: the caller joins none and gets null
     */
    Communicator split(Communicator parent, int color, int key);

    /** Collective over all of {@code parent}; null for who is not among {@code worldRanks}. */
    Communicator create(Communicator parent, int[] worldRanks);

    /** Collective over the members only; null for who is not among {@code worldRanks}. */
    Communicator createGroup(Communicator parent, int[] worldRanks, int tag);

    /** Starts {@link #dup}; nobody waits. */
    DupRequest idup(Communicator parent);

    /** Gives the contexts back; no message of it may be under way. */
    void free(Communicator communicator);
}
