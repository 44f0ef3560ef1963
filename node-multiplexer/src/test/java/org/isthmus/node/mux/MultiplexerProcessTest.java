package org.isthmus.node.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class MultiplexerProcessTest {
    @Test
    void fewProcessorsAreLeftToTheDataPath() {
        assertEquals(List.of("-XX:TieredStopAtLevel=1"), MultiplexerProcess.compilerOptions(2));
        assertEquals(List.of(), MultiplexerProcess.compilerOptions(8));
    }
}
