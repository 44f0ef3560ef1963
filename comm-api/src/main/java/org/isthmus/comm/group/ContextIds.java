package org.isthmus.comm.group;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.fault.Shrinking;

/**
 * The contexts that are free in this process, and the agreements under way about the next one (MPICH's scheme, as in
 * Gropp and Thakur, "Thread-safety in an MPI implementation", 2007).
 *
 * <p>Only one agreement at a time may offer this process's free contexts: the one with the lowest key of those under
 * way that all members have entered. Keys are equal on all members, and agreements of equal key never meet in one
 * process, so of all agreements in the job at least one is offered everything by all its members, and ends. Used under
 * the engine lock.
 */
final class ContextIds {
    /** Communicators that a process may have at a time; two contexts each. */
    static final int LIMIT = Shrinking.FIRST_NUMBER;
    static final int WORDS = LIMIT / Long.SIZE;
    /** The bits of a context that all contexts of one communicator share, and the lowest. */
    private static final int NUMBER = 0x7fff;

    private final long[] free = new long[WORDS];
    private final List<ContextAgreement> underWay = new ArrayList<>();
    private ContextAgreement offering;

    ContextIds(int... contextsInUse) {
        Arrays.fill(free, -1L);
        for (int context : contextsInUse) {
            take(context);
        }
    }

    void enter(ContextAgreement agreement) {
        underWay.add(agreement);
    }

    void leave(ContextAgreement agreement) {
        underWay.remove(agreement);
        stopOffering(agreement);
    }

    /** Whether {@code agreement} may offer the free contexts now; if so no other may, until {@link #stopOffering}. */
    boolean startOffering(ContextAgreement agreement) {
        if (offering != null) {
            return false;
        }
        for (ContextAgreement other : underWay) {
            if (other.hasEveryone() && other.key() < agreement.key()) {
                return false;
            }
        }
        offering = agreement;
        return true;
    }

    void stopOffering(ContextAgreement agreement) {
        if (offering == agreement) {
            offering = null;
        }
    }

    /** Copies the set of free communicator numbers, one bit each, to {@code words}. */
    void copyFree(long[] words) {
        System.arraycopy(free, 0, words, 0, WORDS);
    }

    /** Whether no communicator of this process has {@code context}. */
    boolean isFree(int context) {
        int number = (context & NUMBER) >> 1;
        return number < LIMIT && (free[number >> 6] & 1L << number) != 0;
    }

    /** Takes the number of {@code context} out of the set in {@code words}. */
    static void exclude(long[] words, int context) {
        int number = (context & NUMBER) >> 1;
        if (number < LIMIT) {
            words[number >> 6] &= ~(1L << number);
        }
    }

    /** The first context of the lowest number in {@code words}, -1 when the set is empty. */
    static int lowest(long[] words) {
        for (int i = 0; i < WORDS; i++) {
            if (words[i] != 0) {
                return 2 * (i * Long.SIZE + Long.numberOfTrailingZeros(words[i]));
            }
        }
        return -1;
    }

    void take(int context) {
        free[context >> 1 >> 6] &= ~(1L << (context >> 1));
    }

    void give(int context) {
        if (context >> 1 >= LIMIT) {
            return; // made by shrinking, which uses each number once
        }
        long bit = 1L << (context >> 1);
        if ((free[context >> 1 >> 6] & bit) != 0) {
            throw new CommException(ErrorClass.COMM,
                    "communicator with context " + context + " has been freed already; free each one once");
        }
        free[context >> 1 >> 6] |= bit;
    }
}
