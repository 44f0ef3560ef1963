package org.isthmus.allocator.policy;

import java.util.HashMap;
import java.util.Map;

/**
 * What each site asks for; a site is a communicator's context id, or any other number that stands for a place in the
 * program. A site most of whose recent requests fell into one class gets that class as its hint, with a batch in
 * proportion to its share of all requests; a refill for that site may use it. Fed with a sample of the requests. At
 * most {@link #MAX_SITES} sites are known; beyond that, new ones get no hint. One thread.
 */
public final class SiteHints {
    public static final int MAX_SITES = 256;

    /** The answer for a site without a dominant class. */
    public static final Hint NONE = new Hint(-1, 1);

    private static final int MIN_REQUESTS = 32;
    private static final int FORGET_AT = 1024;
    private static final double DOMINANT = 0.75;
    private static final int MAX_FACTOR = 4;

    private final int classes;
    private final Map<Long, Site> sites = new HashMap<>();

    public SiteHints(int classes) {
        this.classes = classes;
    }

    /**
     * A hint.
     *
     * @param sizeClass class that the site mostly asks for, or -1
     * @param batchFactor refill that many usual batches for it, 1 to 4
     */
    public record Hint(int sizeClass, int batchFactor) {}

    /** Notes one request. */
    public void request(long site, int sizeClass) {
        if (sizeClass < 0 || sizeClass >= classes) {
            throw new IllegalArgumentException("size classes are 0 to " + (classes - 1) + ", got " + sizeClass);
        }
        Site known = sites.get(site);
        if (known == null) {
            if (sites.size() == MAX_SITES) {
                return;
            }
            known = new Site(classes);
            sites.put(site, known);
        }
        known.add(sizeClass);
    }

    /** What to expect of a site. */
    public Hint hint(long site) {
        Site known = sites.get(site);
        if (known == null || known.total < MIN_REQUESTS) {
            return NONE;
        }
        int best = known.mostFrequent();
        if (known.count[best] < DOMINANT * known.total) {
            return NONE;
        }
        long all = sites.values().stream().mapToLong(s -> s.total).sum();
        return new Hint(best, Math.clamp(Math.round((double) MAX_FACTOR * known.total / all), 1, MAX_FACTOR));
    }

    /** Forgets a site whose communicator was freed. */
    public void forget(long site) {
        sites.remove(site);
    }

    /** Counts of one site, halved from time to time so that old requests fade. */
    private static final class Site {
        final int[] count;
        int total;

        Site(int classes) {
            count = new int[classes];
        }

        void add(int sizeClass) {
            count[sizeClass]++;
            if (++total == FORGET_AT) {
                total = 0;
                for (int i = 0; i < count.length; i++) {
                    count[i] /= 2;
                    total += count[i];
                }
            }
        }

        int mostFrequent() {
            int best = 0;
            for (int i = 1; i < count.length; i++) {
                best = count[i] > count[best] ? i : best;
            }
            return best;
        }
    }
}
