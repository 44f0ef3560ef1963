package org.isthmus.node.mux;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Those of many, by index, that have work: a round visits them alone, in the order in which they got it. Whoever gives
 * one work adds it; after the round {@link #retain} lets those go that have none left.
 *
 * <pre>
 *   for (int i = 0; i &lt; active.size(); i++) {
 *       work on active.get(i);           may add others: the same loop comes to them
 *   }
 *   active.retain(index -> it has work);
 * </pre>
 *
 * <p>Owned by one thread.
 */
final class ActiveSet {
    private static final int FIRST = 8;

    private final boolean[] isActive;
    private int[] members = new int[FIRST];
    private int size;

    /** @param all how many there are; indices are below that */
    ActiveSet(int all) {
        this.isActive = new boolean[all];
    }

    /** Does nothing if it is there already. */
    void add(int index) {
        if (isActive[index]) {
            return;
        }
        isActive[index] = true;
        if (size == members.length) {
            members = Arrays.copyOf(members, 2 * size);
        }
        members[size++] = index;
    }

    int size() {
        return size;
    }

    int get(int position) {
        return members[position];
    }

    /** Keeps those that have work, in their order. */
    void retain(IntPredicate hasWork) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int member = members[i];
            if (hasWork.test(member)) {
                members[kept++] = member;
            } else {
                isActive[member] = false;
            }
        }
        size = kept;
        if (size == 0 && members.length > FIRST) {
            members = new int[FIRST];
        }
    }
}
