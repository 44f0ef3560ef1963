package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompileAdviceTest {
    @Test
    void namesMethodsThatExist() throws ClassNotFoundException {
        for (String name : CompileAdvice.keptApart()) {
            String[] parts = name.split("::");
            assertEquals(2, parts.length, name);
            List<String> methods = Arrays.stream(Class.forName(parts[0]).getDeclaredMethods()).map(Method::getName)
                    .toList();
            assertTrue(methods.contains(parts[1]), name);
        }
    }

    @Test
    void ranksGetItAndSayNothingOfIt() {
        List<String> line = new JavaCommand(List.of("App"), ".").build("java", List.of());
        assertTrue(line.contains("-XX:CompileCommand=quiet"), line.toString());
        assertTrue(line.contains("-XX:CompileCommand=dontinline," + CompileAdvice.keptApart().get(0)),
                line.toString());
    }
}
