package org.isthmus.node.bootstrap.exchange;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.function.Function;

/** A connection whose other side says, when it is first listened to, what a script makes of all that was said to it. */
final class ScriptedSocket extends Socket {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Function<byte[], byte[]> script;
    private InputStream answer;

    ScriptedSocket(Function<byte[], byte[]> script) {
        this.script = script;
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                return answer().read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return answer().read(bytes, offset, length);
            }
        };
    }

    private InputStream answer() {
        if (answer == null) {
            answer = new ByteArrayInputStream(script.apply(said.toByteArray()));
        }
        return answer;
    }

    @Override
    public OutputStream getOutputStream() {
        return said;
    }

    @Override
    public void setTcpNoDelay(boolean on) {
        // there is no network
    }

    @Override
    public void setKeepAlive(boolean on) {
        // there is no network
    }

    @Override
    public void setSoTimeout(int millis) {
        // it answers at once
    }

    @Override
    public void close() {
        // holds nothing
    }
}
