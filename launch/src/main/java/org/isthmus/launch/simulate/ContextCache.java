package org.isthmus.launch.simulate;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** The contexts that a network card holds. Owned by one card. */
final class ContextCache {
    private final int capacity;
    private final SplittableRandom random;
    /** By recency under LRU; place in {@link #resident} under random replacement. */
    private final Map<Long, Integer> known;
    private final long[] resident;

    ContextCache(int capacity, NicModel.Replacement replacement, long seed) {
        this.capacity = capacity;
        boolean lru = replacement == NicModel.Replacement.LRU;
        this.random = lru ? null : new SplittableRandom(seed);
        this.known = lru ? new LinkedHashMap<>(16, 0.75f, true) : new HashMap<>();
        this.resident = lru ? null : new long[capacity];
    }

    /** Uses a context; false if it had to be fetched. */
    boolean touch(long context) {
        if (known.get(context) != null) {
            return true;
        }
        if (random == null) {
            if (known.size() == capacity) {
                known.remove(known.keySet().iterator().next());
            }
            known.put(context, 0);
            return false;
        }
        int place = known.size();
        if (place == capacity) {
            place = random.nextInt(capacity);
            known.remove(resident[place]);
        }
        resident[place] = context;
        known.put(context, place);
        return false;
    }
}
