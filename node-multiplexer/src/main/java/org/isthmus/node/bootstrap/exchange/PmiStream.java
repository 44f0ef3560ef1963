package org.isthmus.node.bootstrap.exchange;

import java.io.IOException;

/** The byte stream to a PMI server. One thread at a time uses it. */
interface PmiStream extends AutoCloseable {
    /**
     * Reads some bytes.
     *
     * @return how many, at least 1; -1 at the end of the stream
     * @throws java.net.SocketTimeoutException if none came before the deadline
     */
    int read(byte[] target, Deadline deadline) throws IOException;

    void write(byte[] bytes) throws IOException;

    @Override
    void close();
}
