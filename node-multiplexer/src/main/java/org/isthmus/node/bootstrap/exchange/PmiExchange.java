package org.isthmus.node.bootstrap.exchange;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/**
 * What PMI-1 and PMI-2 have in common: strictly one request and one answer at a time, and short text values. A value
 * travels as base64url in pieces {@code isthmus.KEY.RANK.INDEX}; the first piece begins with the number of pieces and a
 * colon.
 */
abstract class PmiExchange extends CheckedExchange {
    private static final int MAX_PIECES = 256;
    private static final int MAX_ANSWER = 65536;
    private static final int ROOM_FOR_COUNT = 8;

    private final PmiStream stream;
    private final Duration timeout;
    private final byte[] received = new byte[4096];
    private int position;
    private int limit;

    PmiExchange(PmiStream stream, Duration timeout) {
        this.stream = stream;
        this.timeout = timeout;
    }

    /** Most characters of one value. */
    abstract int maxText();

    abstract void putText(String key, String text) throws IOException;

    /** The text of a key, or null. */
    abstract String getText(int rank, String key) throws IOException;

    abstract void barrier() throws IOException;

    abstract void sayFinalize() throws IOException;

    @Override
    final void send(String key, byte[] value) {
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(value);
        int room = maxText() - ROOM_FOR_COUNT;
        int pieces = Math.max(1, (text.length() + room - 1) / room);
        try {
            for (int i = 0; i < pieces; i++) {
                String piece = text.substring(i * room, Math.min(text.length(), (i + 1) * room));
                putText(pieceKey(rank(), key, i), i == 0 ? pieces + ":" + piece : piece);
            }
        } catch (IOException e) {
            throw failed("put of " + key, e);
        }
    }

    @Override
    final byte[] fetch(int from, String key) {
        try {
            String first = getText(from, pieceKey(from, key, 0));
            if (first == null) {
                return null;
            }
            int colon = first.indexOf(':');
            int pieces = colon < 1 || colon > 3 ? -1 : Integer.parseInt(first.substring(0, colon));
            if (pieces < 1 || pieces > MAX_PIECES) {
                throw new IOException("the value of rank " + from + " is not one that was put");
            }
            StringBuilder text = new StringBuilder(first.substring(colon + 1));
            for (int i = 1; i < pieces; i++) {
                String piece = getText(from, pieceKey(from, key, i));
                if (piece == null) {
                    throw new IOException("piece " + i + " of " + pieces + " of the value of rank " + from
                            + " is missing");
                }
                text.append(piece);
            }
            return Base64.getUrlDecoder().decode(text.toString());
        } catch (IllegalArgumentException e) {
            throw failed("get of " + key, new IOException("the value of rank " + from + " is not one that was put", e));
        } catch (IOException e) {
            throw failed("get of " + key, e);
        }
    }

    @Override
    final void awaitAll() {
        try {
            barrier();
        } catch (IOException e) {
            throw failed("fence", e);
        }
    }

    @Override
    final void leave() {
        try {
            sayFinalize();
        } catch (IOException e) {
            // the launcher has gone first
        } finally {
            stream.close();
        }
    }

    final void dropConnection() {
        stream.close();
    }

    private static String pieceKey(int rank, String key, int index) {
        return "isthmus." + key + "." + rank + "." + index;
    }

    final ExchangeException failed(String what, IOException e) {
        String cause = e instanceof SocketTimeoutException
                ? "the launcher did not answer within " + timeout.toMillis()
                + " ms; a rank that has ended or not called MPI.Init holds up all (setting isthmus.wireup.timeout)"
                : e instanceof EOFException
                ? "the launcher closed the connection: a rank has ended, or the job is being ended"
                : ExchangeException.reason(e);
        return new ExchangeException("rank " + rank() + ": " + what + " by " + name() + " failed: " + cause, e);
    }

    final void write(String text) throws IOException {
        stream.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    final Deadline answerDeadline() {
        return Deadline.in(timeout);
    }

    /** Bytes up to a line feed, without it. */
    final String readLine(Deadline deadline) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = read(deadline); next != '\n'; next = read(deadline)) {
            if (line.size() == MAX_ANSWER) {
                throw new IOException("the launcher's answer has more than " + MAX_ANSWER + " bytes");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    final String readExactly(int count, Deadline deadline) throws IOException {
        if (count < 0 || count > MAX_ANSWER) {
            throw new IOException("the launcher says that its answer has " + count + " bytes, at most " + MAX_ANSWER
                    + " are allowed");
        }
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) read(deadline);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private int read(Deadline deadline) throws IOException {
        if (position == limit) {
            limit = stream.read(received, deadline);
            position = 0;
            if (limit < 0) {
                limit = 0;
                throw new EOFException("the connection ended");
            }
        }
        return received[position++] & 0xff;
    }

    /** The number in a field of an answer. */
    static int number(Map<String, String> answer, String field, int min, int max) throws IOException {
        String text = answer.get(field);
        try {
            int value = Integer.parseInt(text == null ? "" : text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the one message for both mistakes
        }
        throw new IOException("the launcher's answer " + answer + " has no field "
                + field + " from " + min + " to " + max);
    }
}
