package org.isthmus.node.bootstrap.exchange;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The wire protocol of PMI-2 ({@code srun --mpi=pmi2}, MPICH's Hydra): one line to agree on the version, then messages
 * of a length in six characters and fields {@code name=value;}.
 */
final class Pmi2Exchange extends PmiExchange {
    private static final int LENGTH_CHARACTERS = 6;
    private static final int MAX_TEXT = 1023;

    private final int rank;
    private final int size;

    /**
     * Enters by an inherited connection.
     *
     * @param jobId value of {@code PMI_JOBID}, or any text
     * @param rank value of {@code PMI_RANK}
     */
    Pmi2Exchange(PmiStream stream, String jobId, int rank, Duration timeout) {
        super(stream, timeout);
        this.rank = rank;
        try {
            write("cmd=init pmi_version=2 pmi_subversion=0\n");
            String first = readLine(answerDeadline());
            if (!first.contains("cmd=response_to_init") || !first.contains("pmi_version=2")
                    || !(" " + first + " ").contains(" rc=0 ")) {
                throw new IOException("the launcher does not speak PMI-2: " + first);
            }
            Map<String, String> answer = request("fullinit", "pmijobid=" + escape(jobId) + ";pmirank=" + rank
                    + ";threaded=FALSE;");
            requireSuccess(answer);
            size = number(answer, "size", 1, MAX_RANKS);
            number(answer, "rank", rank, rank);
            if (rank >= size) {
                throw new IOException("the launcher says rank " + rank + " of " + size);
            }
        } catch (IOException e) {
            dropConnection();
            throw new ExchangeException("rank " + rank + ": PMI-2 with the launcher failed: "
                    + ExchangeException.reason(e), e);
        }
    }

    @Override
    public String name() {
        return "PMI-2";
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    int maxText() {
        return MAX_TEXT;
    }

    @Override
    void putText(String key, String text) throws IOException {
        requireSuccess(request("kvs-put", "key=" + key + ";value=" + escape(text) + ";"));
    }

    @Override
    String getText(int from, String key) throws IOException {
        Map<String, String> answer = request("kvs-get", "jobid=;srcid=-1;key=" + key + ";");
        return "TRUE".equals(answer.get("found")) ? answer.getOrDefault("value", "") : null;
    }

    @Override
    void barrier() throws IOException {
        requireSuccess(request("kvs-fence", ""));
    }

    @Override
    void sayFinalize() throws IOException {
        request("finalize", "");
    }

    private static void requireSuccess(Map<String, String> answer) throws IOException {
        if (!"0".equals(answer.get("rc"))) {
            throw new IOException("the launcher answered " + answer);
        }
    }

    private Map<String, String> request(String command, String fields) throws IOException {
        String body = "cmd=" + command + ";" + fields;
        write(String.format("%" + LENGTH_CHARACTERS + "d", body.length()) + body);
        Deadline deadline = answerDeadline();
        String length = readExactly(LENGTH_CHARACTERS, deadline).strip();
        if (!length.matches("\\d{1," + LENGTH_CHARACTERS + "}")) {
            throw new IOException("the launcher's answer begins with \"" + length + "\" instead of its length");
        }
        Map<String, String> answer = fields(readExactly(Integer.parseInt(length), deadline));
        if (!(command + "-response").equals(answer.get("cmd"))) {
            throw new IOException("the launcher answered " + answer + " to " + command);
        }
        return answer;
    }

    private static String escape(String text) {
        return text.replace(";", ";;");
    }

    /** Fields between single semicolons; a doubled one is part of a value. */
    private static Map<String, String> fields(String body) {
        Map<String, String> fields = new HashMap<>();
        StringBuilder field = new StringBuilder();
        int i = 0;
        while (i < body.length()) {
            char c = body.charAt(i++);
            if (c != ';') {
                field.append(c);
            } else if (i < body.length() && body.charAt(i) == ';') {
                field.append(c);
                i++;
            } else {
                store(fields, field);
            }
        }
        store(fields, field);
        return fields;
    }

    private static void store(Map<String, String> fields, StringBuilder field) {
        int equals = field.indexOf("=");
        if (equals > 0) {
            fields.put(field.substring(0, equals), field.substring(equals + 1));
        }
        field.setLength(0);
    }
}
