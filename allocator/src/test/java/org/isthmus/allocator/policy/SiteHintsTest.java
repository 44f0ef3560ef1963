package org.isthmus.allocator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SiteHintsTest {
    private final SiteHints hints = new SiteHints(8);

    private void request(long site, int sizeClass, int times) {
        for (int i = 0; i < times; i++) {
            hints.request(site, sizeClass);
        }
    }

    @Test
    void aSiteWithOneClassIsHintedByItsShare() {
        request(7, 3, 900);
        request(8, 5, 100);
        assertEquals(new SiteHints.Hint(3, 4), hints.hint(7));
        assertEquals(new SiteHints.Hint(5, 1), hints.hint(8));
    }

    @Test
    void mixedUnknownAndNewSitesGetNone() {
        request(1, 2, 50);
        request(1, 3, 50);
        request(2, 2, 31);
        assertEquals(SiteHints.NONE, hints.hint(1));
        assertEquals(SiteHints.NONE, hints.hint(2));
        assertEquals(SiteHints.NONE, hints.hint(3));
    }

    @Test
    void oldRequestsFade() {
        request(1, 2, 900);
        request(1, 6, 4000);
        assertEquals(6, hints.hint(1).sizeClass());
        hints.forget(1);
        assertEquals(SiteHints.NONE, hints.hint(1));
    }

    @Test
    void theNumberOfSitesIsBounded() {
        for (long site = 0; site < SiteHints.MAX_SITES; site++) {
            request(site, 1, 32);
        }
        request(9999, 1, 1000);
        assertEquals(SiteHints.NONE, hints.hint(9999));
        assertEquals(1, hints.hint(0).sizeClass());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> hints.request(0, 8)).getMessage()
                .contains("0 to 7"));
    }
}
