package org.isthmus.launch;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the launcher tells a host's agent, and the messages between them over the agent's standard streams: big-endian,
 * texts as length:4 and UTF-8.
 *
 * <pre>
 *   agent:    BANNER 8 bytes, version:4                    (a login shell's own words may come before it)
 *   launcher: the fields of this record                    then INPUT length:4 bytes (0: end) | END moment:8
 *   agent:    OUTPUT rank:4 error:1 length:4 bytes | EXITED rank:4 code:4 | CANNOT_START rank:4 reason | GONE
 * </pre>
 *
 * The end of the launcher's stream ends the ranks.
 *
 * @param ranks of this host; the index is the local rank
 */
record HostJob(String jobKey, List<Integer> ranks, String directory, JobPrograms programs) {
    static final byte[] BANNER = "ISTHMUSH".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 2;
    static final byte INPUT = 1;
    static final byte END = 2;
    static final byte OUTPUT = 3;
    static final byte EXITED = 4;
    static final byte CANNOT_START = 5;
    static final byte GONE = 6;
    static final int CHUNK = 8192;
    private static final int MAX_TEXT = 1 << 20;
    private static final int MAX_ENTRIES = 65536;

    void write(DataOutputStream output) throws IOException {
        writeText(output, jobKey);
        output.writeInt(ranks.size());
        for (int rank : ranks) {
            output.writeInt(rank);
        }
        writeText(output, directory);
        output.writeInt(programs.parts().size());
        for (JobPrograms.Part part : programs.parts()) {
            write(output, part);
        }
        output.flush();
    }

    private static void write(DataOutputStream output, JobPrograms.Part part) throws IOException {
        output.writeInt(part.ranks());
        output.writeInt(part.command().size());
        for (String word : part.command()) {
            writeText(output, word);
        }
        output.writeInt(part.environment().size());
        for (Map.Entry<String, String> entry : part.environment().entrySet()) {
            writeText(output, entry.getKey());
            writeText(output, entry.getValue());
        }
    }

    static HostJob read(DataInputStream input) throws IOException {
        String jobKey = readText(input);
        List<Integer> ranks = new ArrayList<>();
        for (int count = readCount(input); ranks.size() < count;) {
            ranks.add(input.readInt());
        }
        String directory = readText(input);
        List<JobPrograms.Part> parts = new ArrayList<>();
        for (int count = readCount(input); parts.size() < count;) {
            parts.add(readPart(input));
        }
        return new HostJob(jobKey, ranks, directory, new JobPrograms(parts));
    }

    private static JobPrograms.Part readPart(DataInputStream input) throws IOException {
        int ranks = readCount(input);
        List<String> command = new ArrayList<>();
        for (int count = readCount(input); command.size() < count;) {
            command.add(readText(input));
        }
        Map<String, String> environment = new LinkedHashMap<>();
        for (int count = readCount(input); count > 0; count--) {
            environment.put(readText(input), readText(input));
        }
        return new JobPrograms.Part(ranks, command, environment);
    }

    static void writeText(DataOutputStream output, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        output.writeInt(bytes.length);
        output.write(bytes);
    }

    static String readText(DataInputStream input) throws IOException {
        return new String(readBytes(input, MAX_TEXT), StandardCharsets.UTF_8);
    }

    static byte[] readBytes(DataInputStream input, int most) throws IOException {
        int length = input.readInt();
        if (length < 0 || length > most) {
            throw new IOException("a field says that it has " + length + " bytes, at most " + most + " are allowed");
        }
        byte[] bytes = new byte[length];
        input.readFully(bytes);
        return bytes;
    }

    private static int readCount(DataInputStream input) throws IOException {
        int count = input.readInt();
        if (count < 0 || count > MAX_ENTRIES) {
            throw new IOException("a list says that it has " + count + " entries, at most "
                    + MAX_ENTRIES + " are allowed");
        }
        return count;
    }

    @Override
    public String toString() {
        return "HostJob of ranks " + ranks + " of " + programs.size(); // the environment holds the secret
    }
}
