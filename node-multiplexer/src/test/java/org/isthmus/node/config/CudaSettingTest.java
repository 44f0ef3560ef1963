package org.isthmus.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaSettingTest {
    @TempDir
    Path root;

    private CudaSetting setting(String text) {
        Properties properties = new Properties();
        properties.setProperty("isthmus.cuda", text);
        return CudaSetting.of(Settings.of(Map.of(), properties), root);
    }

    @Test
    void automaticMeansWhereADriverIsLoadedAndMayBeCalled() throws IOException {
        boolean mayBeCalled = CudaSetting.class.getModule().isNativeAccessEnabled();
        assertEquals(CudaSetting.OFF, setting("auto"));
        assertEquals(CudaSetting.ON, setting("on"));
        Files.createDirectories(root.resolve("dev"));
        Files.createFile(root.resolve("dev/nvidiactl"));
        assertEquals(mayBeCalled ? CudaSetting.IF_THERE : CudaSetting.OFF, setting("auto"));
        assertEquals(CudaSetting.OFF, setting("off"));
    }
}
