package org.isthmus.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.isthmus.node.bootstrap.CacheOptions;

/**
 * The command line of a rank's JVM, from the arguments of a {@code java} command: isthmus.jar comes first on the class
 * path, native access is allowed, and defaults are set that let many JVMs share few cores: serial collector, small
 * initial heap. A later option of the user wins over a default; one that would contradict it makes us leave it out.
 */
final class JavaCommand {
    private static final Set<String> CLASS_PATH_OPTIONS = Set.of("-cp", "-classpath", "--class-path");
    private static final Set<String> OPTIONS_WITH_VALUE = Set.of("-p", "--module-path", "--add-modules", "--add-opens",
            "--add-exports", "--add-reads", "--patch-module", "--upgrade-module-path", "--limit-modules", "--source",
            "--enable-native-access", "--illegal-native-access", "-d", "--describe-module");
    private static final Set<String> MODULE_OPTIONS = Set.of("-m", "--module");

    private final List<String> options = new ArrayList<>();
    private final List<String> program = new ArrayList<>();
    private String classPath;

    /**
     * @param arguments what follows {@code java}
     * @param defaultClassPath class path if the arguments name none
     */
    JavaCommand(List<String> arguments, String defaultClassPath) {
        classPath = defaultClassPath;
        int i = 0;
        while (i < arguments.size() && program.isEmpty()) {
            String argument = arguments.get(i++);
            String value = i < arguments.size() ? arguments.get(i) : null;
            if (CLASS_PATH_OPTIONS.contains(argument) && value != null) {
                classPath = value;
                i++;
            } else if (argument.startsWith("--class-path=")) {
                classPath = argument.substring("--class-path=".length());
            } else if (argument.equals("-jar") && value != null) {
                useJar(Path.of(value));
                i++;
            } else if (MODULE_OPTIONS.contains(argument) && value != null) {
                program.add(argument);
            } else if (OPTIONS_WITH_VALUE.contains(argument) && value != null) {
                options.add(argument);
                options.add(value);
                i++;
            } else if (argument.startsWith("-") || argument.startsWith("@")) {
                options.add(argument);
            } else {
                program.add(argument);
            }
        }
        program.addAll(arguments.subList(i, arguments.size()));
    }

    /** The java program of the JDK that runs this process. */
    static String ownJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** The class path of a program that names none. */
    static String defaultClassPath() {
        return System.getenv().getOrDefault("CLASSPATH", ".");
    }

    /** A jar given with -jar would replace the class path, so its main class is started by name instead. */
    private void useJar(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            Attributes manifest = file.getManifest() == null
                    ? new Attributes() : file.getManifest().getMainAttributes();
            String main = manifest.getValue(Attributes.Name.MAIN_CLASS);
            if (main == null) {
                throw new UsageException(jar + " names no Main-Class in its manifest; give its class path with -cp and "
                        + "the main class by name");
            }
            addPackages("--add-opens", manifest.getValue("Add-Opens"));
            addPackages("--add-exports", manifest.getValue("Add-Exports"));
            classPath = jar.toString();
            program.add(main.strip());
        } catch (IOException e) {
            throw new UsageException("the jar " + jar + " cannot be read: " + e);
        }
    }

    private void addPackages(String option, String packages) {
        if (packages != null) {
            for (String name : packages.strip().split("\\s+")) {
                options.add(option + "=" + name + "=ALL-UNNAMED");
            }
        }
    }

    /** The whole command line. */
    List<String> build(String java, List<String> jvmArguments) {
        List<String> user = new ArrayList<>(jvmArguments);
        user.addAll(options);
        List<String> command = new ArrayList<>();
        command.add(java);
        command.add("--enable-native-access=ALL-UNNAMED");
        if (user.stream().noneMatch(option -> option.matches("-XX:[+-]Use\\w*GC|@.*"))) {
            command.add("-XX:+UseSerialGC");
        }
        if (user.stream().noneMatch(option -> option.matches("-Xm[snx].*|-XX:.*(Heap|RAM)\\w*=.*|@.*"))) {
            command.add("-Xms32m");
        }
        if (user.stream().noneMatch(option ->
                CacheOptions.chooses(option) || option.matches("-X?X?:?.*[aA]gent.*|@.*"))) {
            command.addAll(AotCache.optionsFor(java));
        }
        command.addAll(CompileAdvice.options());
        command.add("-cp");
        command.add(ClassPath.join(ClassPath.ofIsthmus(), classPath));
        command.addAll(user);
        command.addAll(program);
        return command;
    }
}
