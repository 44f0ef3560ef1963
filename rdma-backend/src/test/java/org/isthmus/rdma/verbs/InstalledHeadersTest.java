package org.isthmus.rdma.verbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The C compiler's view of the headers that are installed here, if they are. */
@Timeout(60)
class InstalledHeadersTest {
    @TempDir
    Path directory;

    @Test
    void layoutsAreThoseOfTheHeaders() throws Exception {
        for (String header : List.of("infiniband/verbs.h", "rdma/rdma_cma.h")) {
            assumeTrue(Files.exists(Path.of("/usr/include", header)), header + " is not installed");
        }
        assumeTrue(runs("gcc", "--version"), "gcc is not installed");
        List<String> expected = new ArrayList<>();
        StringBuilder source = new StringBuilder("""
                #include <infiniband/verbs.h>
                #include <rdma/rdma_cma.h>
                #include <netinet/in.h>
                #include <stddef.h>
                #include <stdio.h>
                int main(void) {
                """);
        for (StructLayout layout : HeaderLayouts.ALL) {
            for (HeaderLayouts.Field field : HeaderLayouts.fields(layout)) {
                expected.add(field.struct() + "." + field.path() + " " + field.offset() + " " + field.bytes());
                String print = "printf(\"%s.%s %%zu %%zu\\n\", offsetof(struct %s, %s), "
                        + "sizeof(((struct %s *) 0)->%s));%n";
                source.append(print.formatted(field.struct(), field.path(), field.struct(), field.path(),
                        field.struct(), field.path()));
            }
            String struct = layout.name().orElseThrow();
            if (!HeaderLayouts.BEGINNINGS.contains(struct)) {
                expected.add(struct + " " + layout.byteSize());
                source.append("printf(\"%s %%zu\\n\", sizeof(struct %s));%n".formatted(struct, struct));
            }
        }
        Path program = directory.resolve("offsets");
        Files.writeString(directory.resolve("offsets.c"), source.append("return 0; }\n"));
        assertTrue(runs("gcc", "-w", "-o", program.toString(), directory.resolve("offsets.c").toString()),
                "the headers lack a field that a descriptor names");
        assertEquals(String.join("\n", expected), output(program.toString()));
    }

    private static boolean runs(String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return process.waitFor(50, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // no such program
        }
    }

    private static String output(String program) throws IOException {
        Process process = new ProcessBuilder(program).start();
        return new String(process.getInputStream().readAllBytes()).strip();
    }
}
