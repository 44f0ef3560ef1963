package org.isthmus.comm.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HintsTest {
    private static final Hints DEFAULTS = Hints.defaults(2);

    @Test
    void smallInterleavedBlocksAreAggregated() {
        assertTrue(DEFAULTS.aggregates(true, true, 100, true));
        assertFalse(DEFAULTS.aggregates(true, false, 100, true));
        assertFalse(DEFAULTS.aggregates(false, true, 100_000, true));
        assertTrue(DEFAULTS.aggregates(true, true, 100_000, true));
        assertFalse(DEFAULTS.aggregates(true, true, 1_000_000, true));
        assertTrue(DEFAULTS.aggregates(true, true, 100_000, false));
        Hints never = DEFAULTS.with(Map.of("collective_buffering", "false"));
        assertFalse(never.aggregates(false, true, 1, false));
        Hints always = DEFAULTS.with(Map.of("romio_cb_read", "enable"));
        assertTrue(always.aggregates(false, false, 1 << 30, true));
        assertFalse(always.aggregates(true, false, 1 << 30, true));
    }

    @Test
    void valuesAreKept() {
        Hints hints = DEFAULTS.with(Map.of("cb_nodes", "7", "cb_buffer_size", "1", "nobody_knows", "this"));
        assertEquals(7, hints.aggregators());
        assertEquals(65_536, hints.collectiveBuffer(), "the least there is");
        assertEquals("1", hints.values().get("cb_buffer_size"));
        assertFalse(hints.values().containsKey("nobody_knows"));
        assertEquals(2, DEFAULTS.aggregators());
        assertEquals(4096, DEFAULTS.with(Map.of("striping_unit", "4096")).alignment());
    }

    @ParameterizedTest
    @CsvSource({"cb_nodes, 0", "cb_buffer_size, -5", "ind_rd_buffer_size, 4k", "romio_ds_write, yes",
        "collective_buffering, enable"})
    void impossibleValuesAreErrors(String key, String value) {
        CommException e = assertThrows(CommException.class, () -> DEFAULTS.with(Map.of(key, value)));
        assertEquals(ErrorClass.INFO_VALUE, e.errorClass());
        assertTrue(e.getMessage().contains(key) && e.getMessage().contains(value), e.getMessage());
    }
}
