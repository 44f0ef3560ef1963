package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CompileAdviceTest {
    @Test
    void namesMethodsThatExist() throws ClassNotFoundException {
        for (String name : CompileAdvice.keptApart()) {
            String[] parts = name.split("::");
            assertEquals(2, parts.length, name);
            List<String> methods = Arrays.stream(Class.forName(parts[0]).getDeclaredMethods()).map(Method::getName)
                    .toList();
            assertTrue(parts[1].equals("*") ? !methods.isEmpty() : methods.contains(parts[1]), name);
        }
    }

    @Test
    void ranksGetItAndSayNothingOfIt() {
        List<String> line = new JavaCommand(List.of("App"), ".").build("java", List.of());
        assertTrue(line.contains("-XX:CompileCommand=quiet"), line.toString());
        assertTrue(line.contains("-XX:CompileCommand=dontinline," + CompileAdvice.keptApart().get(0)),
                line.toString());
    }

    @Test
    void theTrainingsJvmTakesItsOptions() throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(JavaCommand.ownJava()));
        line.addAll(CompileAdvice.options());
        line.addAll(CompileAdvice.trainingOptions());
        line.add("-version");
        Process java = new ProcessBuilder(line).redirectErrorStream(true).start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, java.waitFor(), said);
        assertFalse(said.contains("CompileCommand"), said);
    }
}
