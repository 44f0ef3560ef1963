package org.isthmus.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostJobTest {
    private static final HostJob JOB = new HostJob("key", List.of(1, 4), "/tmp/ä b", new JobPrograms(List.of(
            new JobPrograms.Part(2, List.of("java", "", "x y"), Map.of("NAME", "a=b\nc", "ISTHMUS_SECRET", "5ec7e7")),
            new JobPrograms.Part(3, List.of("other"), Map.of()))));

    private static byte[] bytes() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JOB.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static HostJob read(byte[] bytes) throws IOException {
        return HostJob.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        assertEquals(JOB, read(bytes()));
        assertFalse(JOB.toString().contains("5ec7e7"));
    }

    @Test
    void aBrokenDescriptionIsAnErrorAndTakesNoMemory() throws Exception {
        byte[] whole = bytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThrows(IOException.class, () -> read(part));
        }
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] noise = new byte[random.nextInt(100)];
            random.nextBytes(noise);
            assertThrows(IOException.class, () -> read(noise));
        }
    }

    @Test
    void taggedOutputIsPutTogetherLineByLine() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        RankOutput output = new RankOutput(true, new PrintStream(out), new PrintStream(err));
        output.write(0, false, "ab".getBytes());
        output.write(1, false, "x\ny".getBytes());
        output.write(0, true, "e\n".getBytes());
        output.write(0, false, "c\n\nlast".getBytes());
        output.ended(0);
        output.ended(1);
        assertEquals("[1] x\n[0] abc\n[0] \n[0] last\n[1] y\n", out.toString());
        assertEquals("[0] e\n", err.toString());
    }
}
