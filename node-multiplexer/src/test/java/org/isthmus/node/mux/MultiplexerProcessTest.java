package org.isthmus.node.mux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class MultiplexerProcessTest {
    @Test
    void theCacheOfTheRankIsUsedToo() {
        assertEquals(List.of("-XX:AOTCache=/a/isthmus.aot", "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0"), MultiplexerProcess.cacheOptions(new String[] {
            "-XX:+UseSerialGC", "-XX:AOTCache=/a/isthmus.aot", "-Xlog:aot=off", "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0", "-cp", "x.jar", "App", "-XX:AOTCache=of the program"}));
        assertEquals(List.of(), MultiplexerProcess.cacheOptions(new String[] {"-cp", "x.jar", "App"}));
    }

    @Test
    void fewProcessorsAreLeftToTheDataPath() {
        assertEquals(List.of("-XX:TieredStopAtLevel=1"), MultiplexerProcess.compilerOptions(2));
        assertEquals(List.of(), MultiplexerProcess.compilerOptions(8));
    }
}
