package org.isthmus.dist;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.testing.Command;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ten million messages of mixed sizes and modes, numbered and with checksums, between real processes. */
@Timeout(value = 900, unit = TimeUnit.SECONDS)
class SoakTest {
    @ParameterizedTest
    @CsvSource({"2, 8000000", "5, 2100000"})
    void nothingIsLostReorderedOrChanged(int ranks, long messages) throws Exception {
        Command job = Command.run(Map.of(), Command.JAVA, "-jar", IsthmusJar.JAR.toString(), "run", "-n",
                Integer.toString(ranks), "-cp", Path.of("target", "test-classes").toString(),
                SoakProgram.class.getName(), Long.toString(messages));
        assertTrue(SoakProgram.Report.of(job).messages() >= messages, job.output());
    }
}
