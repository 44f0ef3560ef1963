package org.isthmus.node.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointOptionsTest {
    @ParameterizedTest
    @ValueSource(ints = {-64, 0, 4032, 4097, 8200})
    void refusesRingSizes(int ringBytes) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new EndpointOptions(ringBytes, 1, 1, 1, 1));
        assertTrue(refused.getMessage().contains("ringBytes is " + ringBytes), refused.getMessage());
        assertTrue(refused.getMessage().contains("multiple of 64 from 4096"), refused.getMessage());
    }

    @Test
    void takesTheSmallestRing() {
        assertEquals(4096, new EndpointOptions(4096, 0, 0, 0, 0).ringBytes());
    }
}
