package org.isthmus.node.connect;

import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import org.isthmus.node.bootstrap.exchange.ExchangeException;
import org.isthmus.node.bootstrap.exchange.JobSecret;
import org.isthmus.node.bootstrap.exchange.Rendezvous;
import org.isthmus.node.wire.JobIdentification;

/**
 * How processes of other jobs name and reach a process. Who has the card may connect: it is given only to processes
 * that have met. Immutable.
 *
 * @param job text that no other job has
 * @param rank rank in that job
 * @param addresses where it listens
 * @param secret what the hello proves, 64 hexadecimal digits
 */
record ProcessCard(String job, int rank, List<InetSocketAddress> addresses, String secret) {
    private static final int FIELDS = 4;
    /** Bytes of the UTF-8 text of a card. */
    static final int MOST_BYTES = 1000;

    /** One line of text, at most {@link #MOST_BYTES} long. */
    String text() {
        List<InetSocketAddress> told = addresses;
        String text = format(told);
        while (text.length() > MOST_BYTES && told.size() > 1) {
            told = told.subList(0, told.size() - 1);
            text = format(told);
        }
        return text;
    }

    private String format(List<InetSocketAddress> told) {
        return job + ";" + rank + ";" + secret + ";" + Rendezvous.format(told);
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException that does not show the text, if it is no card
     */
    static ProcessCard parse(String text) {
        String[] fields = text.split(";", -1);
        if (fields.length != FIELDS || text.length() > MOST_BYTES || !fields[0].matches("[0-9a-f]{8,64}")
                || !fields[1].matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("it has " + text.length() + " characters that name no process");
        }
        try {
            JobSecret.parse(fields[2]);
            return new ProcessCard(fields[0], Integer.parseInt(fields[1]), Rendezvous.parse(fields[3]), fields[2]);
        } catch (ExchangeException e) {
            throw new IllegalArgumentException("its address or secret is malformed", e);
        }
    }

    /** What tells the process from every other one. */
    String key() {
        return job + ";" + rank;
    }

    /** What both sides prove in a hello to this process. */
    JobIdentification identification() {
        return new JobIdentification(key(), HexFormat.of().parseHex(secret));
    }

    /** For messages: shows no secret. */
    @Override
    public String toString() {
        return "rank " + rank + " of job " + job.substring(0, 8) + " at " + Rendezvous.format(addresses);
    }
}
