package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code isthmus run} with real processes: program forms, streams, and the exit code of every end of a job. */
@Timeout(120)
class RunCommandTest {
    private static final String MAIN = RankMain.class.getName();

    @TempDir
    Path directory;

    private String success(CommandProcess command) throws Exception {
        try (command) {
            assertEquals(0, command.input("").exitCode(), command.errors());
            return command.output();
        }
    }

    @Test
    void everyRankRunsWithItsArguments() throws Exception {
        String output = success(CommandProcess.run(directory, 3, MAIN, "print", "a b", "-x"));
        for (int rank = 0; rank < 3; rank++) {
            assertTrue(output.contains("rank " + rank + " of 3 says print a b -x"), output);
        }
    }

    @Test
    void aResilientJobGoesOnWithoutTheRankThatFails() throws Exception {
        try (CommandProcess command = CommandProcess.run(directory, 3, "--resilient", MAIN, "exitAlone", "1", "7")) {
            assertEquals(0, command.input("").exitCode(), command.errors());
            assertTrue(command.output().contains("rank 0 goes on with survive"), command.output());
            assertTrue(command.output().contains("rank 2 goes on with survive"), command.output());
            assertTrue(command.errors().contains("rank 1 of 3 failed: exit code 7; the others go on"),
                    command.errors());
        }
        try (CommandProcess command = CommandProcess.run(directory, 1, "--resilient", MAIN, "exitAlone", "0", "7")) {
            assertEquals(7, command.input("").exitCode(), command.errors());
        }
    }

    @Test
    void javaCommandMainAfterDashesAndJarAreTheSameProgram() throws Exception {
        Path jar = directory.resolve("app.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, MAIN);
        try (OutputStream file = Files.newOutputStream(jar)) {
            new JarOutputStream(file, manifest).close();
        }
        for (String[] form : new String[][] {
            {"java", "-cp", ".", MAIN, "print", "hello"},
            {CommandProcess.java(), "-Dx=y", MAIN, "print", "hello"},
            {"--", MAIN, "print", "hello"},
            {"-cp", "/nowhere", MAIN, "print", "hello"},
            {jar.toString(), "print", "hello"},
            {"java", "-jar", jar.toString(), "print", "hello"},
            {"sh", "-c", "exec java " + MAIN + " print hello"},
        }) {
            String output = success(CommandProcess.run(directory, 1, form));
            assertEquals("rank 0 of 1 says print hello", output.strip(), String.join(" ", form));
        }
    }

    @Test
    void jvmOptionsOfTheUserWin() throws Exception {
        String output = success(CommandProcess.run(directory, 1, "--jvm-arg", "-XX:+UseParallelGC", "--jvm-arg",
                "-Xmx16m", "java", "-Dcolour=blue", MAIN, "property", "colour"));
        assertEquals("colour=blue", output.strip());
    }

    @Test
    void environmentIsSetAndOtherLaunchersAreHidden() throws Exception {
        assertEquals("COLOUR=green", success(CommandProcess.run(directory, 1, "--env", "COLOUR=green", MAIN, "env",
                "COLOUR")).strip());
        assertEquals("PMI_RANK=null", success(CommandProcess.run(directory, 1, "sh", "-c",
                "exec env PMI_RANK=3 java " + IsthmusCommand.class.getName() + " run -n 1 " + MAIN + " env PMI_RANK"))
                .strip());
    }

    @Test
    void standardInputGoesToRankZero() throws Exception {
        try (CommandProcess command = CommandProcess.run(directory, 2, MAIN, "stdin").input("some text")) {
            assertEquals(0, command.exitCode());
            assertTrue(command.output().contains("rank 0 read some text"), command.output());
            assertTrue(command.output().lines().anyMatch(line -> line.strip().equals("rank 1 read")), command.output());
        }
    }

    @Test
    void outputCanBeTagged() throws Exception {
        String output = success(CommandProcess.run(directory, 2, "--tag-output", MAIN, "print"));
        assertTrue(output.contains("[0] rank 0 of 2"), output);
        assertTrue(output.contains("[1] rank 1 of 2"), output);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,3", "2,255"})
    void theFirstFailingRankEndsTheJobWithItsCode(String rank, int code) throws Exception {
        try (CommandProcess command = CommandProcess.run(directory, 3, MAIN, "exit", rank, Integer.toString(code))) {
            assertEquals(code, command.exitCode());
            assertEquals("isthmus run: rank " + rank + " of 3 failed: exit code " + code + "; the job was ended",
                    command.errors().strip());
        }
    }

    /** Not after the time-out of the wire-up, which says something else. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aRankThatEndsWithoutInitIsNamedToThoseThatWait(int rank) throws Exception {
        Path shared = Files.createDirectory(directory.resolve("shm"));
        try (CommandProcess command = CommandProcess.run(directory, 3, "--env", "ISTHMUS_SHM_DIR=" + shared, MAIN,
                "joinUnless", Integer.toString(rank))) {
            assertEquals(1, command.exitCode());
            assertTrue(command.errors().contains("rank(s) " + rank + " of 3 ended without calling MPI.Init"),
                    command.errors());
        }
        try (var left = Files.list(shared)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void programsThatDoNotCallInitEndWhenTheyLike() throws Exception {
        Path shared = Files.createDirectory(directory.resolve("shm"));
        String output = success(CommandProcess.run(directory, 3, "--env", "ISTHMUS_SHM_DIR=" + shared, "sh", "-c",
                "sleep $((2 * ISTHMUS_RANK)); echo end of $ISTHMUS_RANK"));
        assertEquals("end of 0 end of 1 end of 2", output.strip().replaceAll("\\s+", " "));
        try (var left = Files.list(shared)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void severalProgramsAreOneJob() throws Exception {
        String show =
                "echo rank $ISTHMUS_RANK of $ISTHMUS_SIZE is $NAME, $ISTHMUS_APPLICATION of $ISTHMUS_APPLICATIONS";
        String output = success(CommandProcess.run(directory, 2, "--tag-output", "--env", "NAME=ann", "sh", "-c", show,
                ":", "-n", "1", "--env", "NAME=bob", "sh", "-c", show, ":", "-n", "1", "-cp", "/nowhere", MAIN,
                "print"));
        for (String line : List.of("[0] rank 0 of 4 is ann, 0 of 2 1 1", "[1] rank 1 of 4 is ann, 0 of 2 1 1",
                "[2] rank 2 of 4 is bob, 1 of 2 1 1", "[3] rank 3 of 4 says print")) {
            assertTrue(output.lines().anyMatch(line::equals), output);
        }
        try (CommandProcess command = CommandProcess.run(directory, 1, MAIN, "exit", "5", "0", ":", "-n", "2", MAIN,
                "exit", "2", "7")) {
            assertEquals(7, command.exitCode());
            assertTrue(command.errors().contains("rank 2 of 3 failed: exit code 7"), command.errors());
        }
    }

    @Test
    void anUncaughtExceptionIsShownBeforeTheVerdict() throws Exception {
        try (CommandProcess command = CommandProcess.run(directory, 2, MAIN, "throw")) {
            assertEquals(1, command.exitCode());
            String errors = command.errors();
            assertTrue(errors.contains("thrown by rank 1"), errors);
            assertTrue(errors.indexOf("thrown by rank 1") < errors.indexOf("isthmus run: rank 1 of 2 failed"), errors);
        }
    }

    @Test
    void aKilledRankEndsTheJobWithItsSignal() throws Exception {
        try (CommandProcess command = CommandProcess.run(directory, 3, MAIN, "sleep", pids().toString())) {
            List<ProcessHandle> ranks = CommandProcess.awaitPids(pids(), 3);
            ranks.get(1).destroyForcibly();
            assertEquals(137, command.exitCode());
            assertTrue(command.errors().contains("killed by signal 9, exit code 137"), command.errors());
            CommandProcess.awaitEnd(ranks);
        }
    }

    @Test
    void aTerminatedLauncherEndsAllRanks() throws Exception {
        try (CommandProcess command = CommandProcess.run(directory, 3, MAIN, "sleep", pids().toString())) {
            List<ProcessHandle> ranks = CommandProcess.awaitPids(pids(), 3);
            command.process.destroy();
            assertEquals(143, command.exitCode());
            assertTrue(ranks.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void whatARankStartedEndsWithIt() throws Exception {
        try (CommandProcess command = CommandProcess.run(directory, 2, "sh", "-c",
                "java " + MAIN + " sleep " + pids() + "; true")) {
            List<ProcessHandle> grandchildren = CommandProcess.awaitPids(pids(), 2);
            command.process.destroy();
            assertEquals(143, command.exitCode());
            CommandProcess.awaitEnd(grandchildren);
        }
    }

    @Test
    void aKilledLauncherEndsAllRanksThatJoined() throws Exception {
        Path shared = Files.createDirectory(directory.resolve("shm"));
        try (CommandProcess command = CommandProcess.run(directory, 3, "--env", "ISTHMUS_SHM_DIR=" + shared, MAIN,
                "join", pids().toString())) {
            List<ProcessHandle> ranks = CommandProcess.awaitPids(pids(), 3);
            command.process.destroyForcibly();
            CommandProcess.awaitEnd(ranks);
            try (var left = Files.list(shared)) {
                assertEquals(List.of(), left.toList());
            }
        }
    }

    @Test
    void aJobOverItsTimeoutEnds() throws Exception {
        try (CommandProcess command = CommandProcess.run(directory, 2, "--timeout", "300ms", MAIN, "exit", "9", "0")) {
            assertEquals(124, command.exitCode());
            assertTrue(command.errors().contains("--timeout of 300 ms"), command.errors());
        }
    }

    @Test
    void aProgramThatCannotBeStartedIsNamed() throws Exception {
        try (CommandProcess command = CommandProcess.run(directory, 2, "/no/such/program")) {
            assertEquals(127, command.exitCode());
            assertTrue(command.errors().contains("rank 0 cannot be started"), command.errors());
            assertTrue(command.errors().contains("/no/such/program"), command.errors());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "run; say how many ranks to run: -n N",
        "run -n 2; say what to run",
        "run -n; option -n needs a value: N",
        "run -n 0 Main; option -n = \"0\": a whole number from 1 to 4096 is needed",
        "run --tag-ouput -n 1 Main; unknown option --tag-ouput; did you mean --tag-output?",
        "run --tag-output=yes -n 1 Main; option --tag-output takes no value",
        "run -n 1 --env NAME Main; option --env = \"NAME\": NAME=VALUE is needed",
        "run -n 1 --timeout 5 Main; option --timeout = \"5\": a time above zero",
        "run -n 9 --hosts a:4,b:4 Main; -n 9 ranks do not fit into the 8 slots of a:4,b:4",
        "run --hosts a:4, Main; option --hosts = \"a:4,\": \"\" is not HOST or HOST:SLOTS",
        "run --hosts a:0 Main; \"a:0\" is not HOST or HOST:SLOTS with 1 to 4096 slots",
        "run --hosts a:2,a:3 Main; host a is named twice",
        "run --hosts -oProxyCommand=x Main; is not HOST or HOST:SLOTS",
        "run --hosts a --map-by core Main; one of slot, node is needed",
        "run --hosts a --listen no.such.host.invalid Main; this is no known host or address",
        "run -n 1 --agent ssh Main; option --agent is of use with --hosts only",
        "run -n 1 Main : Other; say how many ranks to run in part 2 of 2, which \":\" parts: -n N",
        "run -n 1 Main :; say how many ranks to run in part 2 of 2",
        "run : -n 1 Main; say how many ranks to run in part 1 of 2",
        "run -n 1 Main : -n 2; say what to run in part 2 of 2",
        "run --hosts a:4 Main : -n 2 Other; say how many ranks to run in part 1 of 2",
        "run -n 1 Main : -n 2 --hosts a:4 Main; option --hosts is for the whole job: it stands before the first \":\"",
        "run -n 4000 Main : -n 97 Main; the parts have 4097 ranks together; at most 4096",
        "run --hosts a:4 -n 2 Main : -n 3 Main; -n 5 ranks do not fit into the 4 slots of a:4",
        "run -n 1 no.jar; the jar no.jar cannot be read",
        "rnu; there is no subcommand rnu; did you mean run?",
        "info extra; info takes no argument, got extra",
    })
    void aWrongCommandLineIsExplained(String commandLine, String message) throws Exception {
        try (CommandProcess command = new CommandProcess(directory, commandLine.split(" "))) {
            assertEquals(2, command.exitCode());
            assertTrue(command.errors().contains(message), command.errors());
        }
    }

    @Test
    void helpNamesEveryOptionAndSubcommand() throws Exception {
        String help = success(new CommandProcess(directory, "run", "--help"));
        for (String option : List.of("-n, -np N", "--class-path PATH", "--timeout TIME", "--help")) {
            assertTrue(help.contains(option), help);
        }
        String list = success(new CommandProcess(directory));
        IsthmusCommand.SUBCOMMANDS.forEach(row -> assertTrue(list.contains(row.summary()), list));
        assertFalse(success(new CommandProcess(directory, "version")).isBlank());
    }

    @Test
    void javaPrintsTheCommandLineOfARank() throws Exception {
        String line = success(new CommandProcess(directory, "java", "-Xmx64m", "-cp", "app.jar", "App", "-v"));
        assertTrue(line.startsWith(CommandProcess.java() + " "), line);
        assertTrue(line.contains(" --enable-native-access=ALL-UNNAMED "), line);
        assertTrue(line.endsWith(":app.jar -Xmx64m App -v" + System.lineSeparator()), line);
        assertTrue(success(new CommandProcess(directory, "java", "--help")).contains("mpirun"));
        try (CommandProcess split = new CommandProcess(directory, "java", "App", "two words")) {
            assertEquals(2, split.input("").exitCode());
            assertTrue(split.errors().contains("\"two words\""), split.errors());
        }
    }

    @Test
    void infoShowsEverySettingWithItsOrigin() throws Exception {
        String info = success(new CommandProcess(directory, "info"));
        assertTrue(info.contains("isthmus.wireup.timeout"), info);
        assertTrue(info.contains("(default)"), info);
        assertTrue(info.contains("MiB free"), info);
    }

    private Path pids() throws Exception {
        return Files.createDirectories(directory.resolve("pids"));
    }
}
