package org.isthmus.node.bootstrap.exchange;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.wire.SharedSecret;

/**
 * A rank that says hello to a {@link RendezvousServer}, again if it gets no answer in time. All its hellos have the
 * same nonce, so the server knows it again. A connection without an answer stays open until the caller is closed: the
 * server may have let it in, and would take its end for that of the rank.
 */
final class RendezvousCaller implements AutoCloseable {
    private final String jobId;
    private final int rank;
    private final int size;
    private final byte[] nonce = SharedSecret.nonce();
    private final List<RendezvousStream> unanswered = new ArrayList<>();
    private int attempts;

    RendezvousCaller(String jobId, int rank, int size) {
        this.jobId = jobId;
        this.rank = rank;
        this.size = size;
    }

    int rank() {
        return rank;
    }

    int size() {
        return size;
    }

    /**
     * Says hello and checks the answer. The stream is of no use after an exception.
     *
     * @throws ExchangeException if another try would be in vain
     */
    void greet(RendezvousStream stream, JobSecret secret) throws IOException {
        try {
            exchange(stream, secret);
        } catch (SocketTimeoutException e) {
            unanswered.add(stream);
            throw e;
        } catch (IOException | ExchangeException e) {
            stream.close();
            throw e;
        }
    }

    private void exchange(RendezvousStream stream, JobSecret secret) throws IOException {
        if (stream.readLong() != RendezvousStream.MAGIC) {
            throw new IOException("what listens there is no rendezvous of Isthmus");
        }
        int version = stream.readInt();
        if (version != RendezvousStream.VERSION) {
            throw new ExchangeException("the rendezvous speaks version " + version + ", rank " + rank + " speaks "
                    + RendezvousStream.VERSION + "; give all processes the same isthmus.jar");
        }
        RendezvousHello hello = new RendezvousHello(RendezvousHello.jobHash(jobId), rank, size, ++attempts,
                stream.readExactly(SharedSecret.NONCE_BYTES), nonce);
        stream.writeLong(RendezvousStream.MAGIC).writeInt(RendezvousStream.VERSION).writeRaw(hello.job()).writeInt(rank)
                .writeInt(size).writeInt(hello.attempt()).writeRaw(nonce).writeRaw(hello.clientProof(secret)).flush();
        byte answer = stream.readByte();
        if (answer == RendezvousStream.REFUSED) {
            throw new ExchangeException("the rendezvous refused rank " + rank + ": " + stream.readReason());
        }
        if (answer != RendezvousStream.WELCOME
                || !SharedSecret.same(stream.readExactly(SharedSecret.PROOF_BYTES), hello.serverProof(secret))) {
            throw new ExchangeException("what answered rank " + rank + " as the rendezvous does not know the job's "
                    + "secret: another program listens on that port");
        }
    }

    @Override
    public void close() {
        unanswered.forEach(RendezvousStream::close);
    }
}
