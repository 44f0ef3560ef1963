package org.isthmus.node.bootstrap.exchange;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The wire protocol of PMI-1 (MPICH's Hydra, flux, Slurm's pmi2 plugin): lines {@code cmd=NAME key=value ...}. Fields
 * are found by name, as servers order them differently.
 */
final class Pmi1Exchange extends PmiExchange {
    private static final int LONGEST_TEXT = 1024;
    private static final int LONGEST_KEY = 64;
    /** Values of a PMI-2 server that also speaks PMI-1 may say more; we need no more. */
    private static final int SHORTEST_TEXT = 64;

    private final int rank;
    private final int size;
    private final int maxText;
    private final String kvsName;

    /**
     * Enters by an inherited connection; rank and size came in the environment.
     */
    static Pmi1Exchange inherited(PmiStream stream, int rank, int size, Duration timeout) {
        return new Pmi1Exchange(stream, rank, size, null, timeout);
    }

    /**
     * Enters by a connection to {@code PMI_PORT}, where the server tells rank and size.
     *
     * @param id value of {@code PMI_ID}
     */
    static Pmi1Exchange byPort(PmiStream stream, String id, Duration timeout) {
        return new Pmi1Exchange(stream, -1, -1, id, timeout);
    }

    private Pmi1Exchange(PmiStream stream, int rank, int size, String id, Duration timeout) {
        super(stream, timeout);
        int[] place = {rank, size};
        int longest;
        String name;
        try {
            if (id != null) {
                place = introduce(id);
            }
            Map<String, String> init = request("cmd=init pmi_version=1 pmi_subversion=1", "response_to_init");
            if (number(init, "rc", Integer.MIN_VALUE, Integer.MAX_VALUE) != 0) {
                throw new IOException("the launcher does not speak PMI-1: " + init);
            }
            Map<String, String> maxes = request("cmd=get_maxes", "maxes");
            number(maxes, "keylen_max", LONGEST_KEY, Integer.MAX_VALUE);
            longest = Math.min(LONGEST_TEXT, number(maxes, "vallen_max", SHORTEST_TEXT, Integer.MAX_VALUE));
            name = request("cmd=get_my_kvsname", "my_kvsname").get("kvsname");
            if (name == null || name.isEmpty()) {
                throw new IOException("the launcher names no key-value space");
            }
        } catch (IOException e) {
            dropConnection();
            throw new ExchangeException("rank " + place[0] + ": PMI-1 with the launcher failed: "
                    + ExchangeException.reason(e), e);
        }
        this.rank = place[0];
        this.size = place[1];
        this.maxText = longest - 1; // servers count a terminating zero
        this.kvsName = name;
    }

    /** Rank and size as the server says them. */
    private int[] introduce(String id) throws IOException {
        request("cmd=initack pmiid=" + id, "initack");
        int[] place = {-1, -1};
        Deadline deadline = answerDeadline();
        // the server sets size, rank and debug, in this order, without being asked
        for (Map<String, String> set = fields(readLine(deadline)); ; set = fields(readLine(deadline))) {
            if (!"set".equals(set.get("cmd"))) {
                throw new IOException("the launcher sent " + set + " instead of cmd=set");
            }
            if (set.containsKey("size")) {
                place[1] = number(set, "size", 1, MAX_RANKS);
            } else if (set.containsKey("rank")) {
                place[0] = number(set, "rank", 0, MAX_RANKS - 1);
            } else if (set.containsKey("debug")) {
                break;
            }
        }
        if (place[0] < 0 || place[1] <= place[0]) {
            throw new IOException("the launcher says rank " + place[0] + " of " + place[1]);
        }
        return place;
    }

    @Override
    public String name() {
        return "PMI-1";
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
        return maxText;
    }

    @Override
    void putText(String key, String text) throws IOException {
        Map<String, String> answer =
                request("cmd=put kvsname=" + kvsName + " key=" + key + " value=" + text, "put_result");
        if (number(answer, "rc", Integer.MIN_VALUE, Integer.MAX_VALUE) != 0) {
            throw new IOException("the launcher refused the value of " + key + ": " + answer.get("msg"));
        }
    }

    @Override
    String getText(int from, String key) throws IOException {
        Map<String, String> answer = request("cmd=get kvsname=" + kvsName + " key=" + key, "get_result");
        return number(answer, "rc", Integer.MIN_VALUE, Integer.MAX_VALUE) == 0
                ? answer.getOrDefault("value", "") : null;
    }

    @Override
    void barrier() throws IOException {
        Map<String, String> answer = request("cmd=barrier_in", "barrier_out");
        if (!answer.getOrDefault("rc", "0").equals("0")) {
            throw new IOException("the launcher's barrier failed: " + answer);
        }
    }

    @Override
    void sayFinalize() throws IOException {
        request("cmd=finalize", "finalize_ack");
    }

    private Map<String, String> request(String line, String answerName) throws IOException {
        write(line + "\n");
        Map<String, String> answer = fields(readLine(answerDeadline()));
        if (!answerName.equals(answer.get("cmd"))) {
            throw new IOException("the launcher answered " + answer + " to " + line.split(" ")[0]);
        }
        return answer;
    }

    private static Map<String, String> fields(String line) {
        Map<String, String> fields = new HashMap<>();
        for (String word : line.strip().split(" +")) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                fields.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return fields;
    }
}
