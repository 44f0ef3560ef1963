package org.isthmus.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingParsersTest {
    @ParameterizedTest
    @CsvSource({"0,0", "4096,4096", "64k,65536", "2M,2097152", "1g,1073741824"})
    void bytes(String text, long value) {
        assertEquals(value, SettingParsers.bytes(0, 1L << 40).apply(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "-1", "1.5k", "1t", "2g", "999999999999999999g"})
    void malformedBytes(String text) {
        assertThrows(IllegalArgumentException.class, () -> SettingParsers.bytes(0, 1L << 30).apply(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "0s", "-1s", "5h", "s", "99999999999s"})
    void malformedDurations(String text) {
        assertThrows(IllegalArgumentException.class, () -> SettingParsers.duration(text));
    }

    @Test
    void durations() {
        assertEquals(Duration.ofMillis(200), SettingParsers.duration("200ms"));
        assertEquals(Duration.ofMinutes(5), SettingParsers.duration("5m"));
    }

    @Test
    void integersStayInTheirRange() {
        assertEquals(3, SettingParsers.integer(1, 3).apply("3"));
        for (String text : new String[] {"0", "4", "x", "", "1e3"}) {
            assertThrows(IllegalArgumentException.class, () -> SettingParsers.integer(1, 3).apply(text));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "10.0.0.1", "10.0.0.1,10.0.1.1", "fe80::1", "::1,127.0.0.1"})
    void addressLists(String text) {
        assertEquals(text, SettingParsers.addressList(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "10.0.0.1,", "10.0.0", "10.0.0.1 10.0.1.1"})
    void malformedAddressLists(String text) {
        assertThrows(IllegalArgumentException.class, () -> SettingParsers.addressList(text));
    }

    @Test
    void wordsAndBooleans() {
        assertEquals("b", SettingParsers.oneOf(List.of("a", "b")).apply("b"));
        assertThrows(IllegalArgumentException.class, () -> SettingParsers.oneOf(List.of("a", "b")).apply("c"));
        assertEquals(true, SettingParsers.bool("true"));
        assertThrows(IllegalArgumentException.class, () -> SettingParsers.bool("yes"));
        assertThrows(IllegalArgumentException.class, () -> SettingParsers.absolutePath("relative"));
    }
}
