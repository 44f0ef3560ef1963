package org.isthmus.node.bootstrap.exchange;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A server that says what a test wrote, whatever it is asked, and then ends. */
final class ScriptedStream implements PmiStream {
    private byte[] answers;

    ScriptedStream(String answers) {
        this.answers = answers.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public int read(byte[] target, Deadline deadline) {
        if (answers.length == 0) {
            return -1;
        }
        int count = Math.min(answers.length, target.length);
        System.arraycopy(answers, 0, target, 0, count);
        answers = Arrays.copyOfRange(answers, count, answers.length);
        return count;
    }

    @Override
    public void write(byte[] bytes) {}

    @Override
    public void close() {}
}
