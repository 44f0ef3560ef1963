package org.isthmus.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** The examples by name: class {@code org.isthmus.examples.HelloWorld} is {@code examples/hello-world}. */
final class ExampleCatalog {
    private static final String PACKAGE = "org/isthmus/examples/";

    private ExampleCatalog() {}

    /** Class name of an example. */
    static String mainClass(Path examplesJar, String name) {
        Map<String, String> examples = read(examplesJar);
        String found = examples.get(name);
        if (found == null) {
            throw new UsageException("there is no example " + name + "; there are: "
                    + examples.keySet().stream().map(key -> "examples/" + key).collect(Collectors.joining(", ")));
        }
        return found;
    }

    private static Map<String, String> read(Path examplesJar) {
        Map<String, String> examples = new TreeMap<>();
        try (JarFile jar = new JarFile(examplesJar.toFile())) {
            jar.stream().map(entry -> entry.getName())
                    .filter(path -> path.matches(PACKAGE + "[A-Z]\\w*\\.class"))
                    .map(path -> path.substring(PACKAGE.length(), path.length() - ".class".length()))
                    .forEach(name -> examples.put(
                            name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT),
                            PACKAGE.replace('/', '.') + name));
        } catch (IOException e) {
            throw new UsageException("the examples in " + examplesJar + " cannot be read: " + e);
        }
        return examples;
    }
}
