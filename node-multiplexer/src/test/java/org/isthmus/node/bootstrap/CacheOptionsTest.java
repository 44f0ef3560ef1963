package org.isthmus.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheOptionsTest {
    @Test
    void aProcessUsesTheCacheOfTheOneThatStartsIt() {
        List<String> options = CacheOptions.of("/a/isthmus.aot");
        assertEquals("-XX:AOTCache=/a/isthmus.aot", options.get(0));
        assertEquals(options, CacheOptions.like(new String[] {"-XX:+UseSerialGC", "-XX:AOTCache=/a/isthmus.aot",
            "-Xlog:aot=off", "-cp", "x.jar", "App", "-XX:AOTCache=of the program"}));
    }

    @Test
    void aCacheAmongTheProgramsArgumentsIsNone() {
        assertEquals(List.of(), CacheOptions.like(new String[] {"-cp", "x.jar", "App", "-XX:AOTCache=/a/isthmus.aot"}));
        assertEquals(List.of(), CacheOptions.like(new String[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:AOTCache=mine", "-XX:AOTMode=off", "-XX:AOTConfiguration=c", "-XX:AOTCacheOutput=c",
        "-XX:SharedArchiveFile=s", "-XX:+AutoCreateSharedArchive", "-XX:ArchiveClassesAtExit=s", "-Xshare:off"})
    void ownChoice(String option) {
        assertTrue(CacheOptions.chooses(option));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:-AOTReplayTraining", "-XX:ArchiveRelocationMode=1", "-XX:+UseSerialGC", "-Xmx1g"})
    void noChoice(String option) {
        assertFalse(CacheOptions.chooses(option));
    }
}
