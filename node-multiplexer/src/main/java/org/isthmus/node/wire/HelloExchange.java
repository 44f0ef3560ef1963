package org.isthmus.node.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * The hello at the start of a connection: both sides prove that they know the secret of the job, over fresh nonces of
 * both and all that was said (mutual HMAC-SHA256 challenge). It blocks: {@link HelloService} runs it off the data threads
 * and ends it at its deadline. Whoever is not of our protocol gets no answer; whoever does not prove itself costs at most
 * one answer, and no memory by what it says.
 */
public final class HelloExchange {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ACCEPTOR = "isthmus acceptor";
    private static final String DIALLER = "isthmus dialler";
    private static final String VERDICT = "isthmus verdict";
    private static final int ADMITTED = 0;

    private final ByteChannel channel;
    private final JobIdentification job;
    private final String peerName;

    /**
     * @param channel in blocking mode
     * @param peerName how messages name the other side: its address
     */
    public HelloExchange(ByteChannel channel, JobIdentification job, String peerName) {
        this.channel = channel;
        this.job = job;
        this.peerName = peerName;
    }

    /**
     * The hello of the side that dials.
     *
     * @return the peer's incarnation
     * @throws HelloException if it did not end well; {@link IOException} if the connection broke
     */
    public long dial(Greeting greeting) throws IOException {
        byte[] hello = HelloDescriptor.hello(greeting, job.jobDigest(), nonce());
        send(hello);
        ByteBuffer answer = HelloDescriptor.allocate(HelloDescriptor.ANSWER_BYTES);
        receive(answer.limit(HelloDescriptor.PREFIX_BYTES));
        if (answer.getLong(0) != HelloDescriptor.MAGIC) {
            throw failed(HelloException.Cause.NOT_ISTHMUS);
        } else if (answer.getShort(8) != FrameDescriptor.VERSION) {
            throw failed(HelloException.Cause.OTHER_VERSION);
        } else if (answer.getShort(10) != ADMITTED) {
            throw failed(HelloException.Cause.ofCode(answer.getShort(10)));
        }
        receive(answer.limit(HelloDescriptor.ANSWER_BYTES));
        int proofAt = HelloDescriptor.ANSWER_BYTES - HelloDescriptor.PROOF_BYTES;
        byte[] said = Arrays.copyOf(answer.array(), proofAt);
        byte[] proof = Arrays.copyOfRange(answer.array(), proofAt, HelloDescriptor.ANSWER_BYTES);
        if (!MessageDigest.isEqual(proof, job.authenticate(ACCEPTOR, hello, said))) {
            throw failed(HelloException.Cause.WRONG_SECRET);
        }
        send(job.authenticate(DIALLER, hello, said));
        ByteBuffer verdict = HelloDescriptor.allocate(HelloDescriptor.VERDICT_BYTES);
        receive(verdict);
        byte[] status = Arrays.copyOf(verdict.array(), 2);
        byte[] verdictProof = Arrays.copyOfRange(verdict.array(), 2, HelloDescriptor.VERDICT_BYTES);
        if (!MessageDigest.isEqual(verdictProof, job.authenticate(VERDICT, hello, said, status))) {
            throw failed(HelloException.Cause.WRONG_SECRET);
        } else if (verdict.getShort(0) != ADMITTED) {
            throw failed(HelloException.Cause.ofCode(verdict.getShort(0)));
        }
        return answer.getLong(HelloDescriptor.PREFIX_BYTES + 4);
    }

    /**
     * The hello of the side that accepts.
     *
     * @param node index of this node
     * @param shard index of this shard
     * @param admission whether a proven peer may have what it wants
     * @return what the peer said, proven
     * @throws HelloException if it did not end well; {@link IOException} if the connection broke
     */
    public Greeting accept(int node, int shard, long incarnation, Predicate<Greeting> admission) throws IOException {
        ByteBuffer hello = HelloDescriptor.allocate(HelloDescriptor.HELLO_BYTES);
        receive(hello.limit(HelloDescriptor.PREFIX_BYTES));
        if (hello.getLong(0) != HelloDescriptor.MAGIC) {
            throw failed(HelloException.Cause.NOT_ISTHMUS);
        } else if (hello.getShort(8) != FrameDescriptor.VERSION) {
            throw refuse(HelloException.Cause.OTHER_VERSION);
        }
        receive(hello.limit(HelloDescriptor.HELLO_BYTES));
        hello.position(HelloDescriptor.PREFIX_BYTES);
        Greeting greeting = new Greeting(hello.getInt(), hello.getInt(), hello.getInt(), hello.getInt(), hello.getInt(),
                hello.getLong());
        byte[] digest = new byte[JobIdentification.DIGEST_BYTES];
        hello.get(digest);
        if (!MessageDigest.isEqual(digest, job.jobDigest())) {
            throw refuse(HelloException.Cause.OTHER_JOB);
        } else if (greeting.peer() != node || greeting.shard() != shard) {
            throw refuse(HelloException.Cause.OTHER_NODE);
        }
        byte[] answer = HelloDescriptor.answer(ADMITTED, incarnation, nonce());
        byte[] said = Arrays.copyOf(answer, HelloDescriptor.ANSWER_BYTES - HelloDescriptor.PROOF_BYTES);
        byte[] proof = job.authenticate(ACCEPTOR, hello.array(), said);
        System.arraycopy(proof, 0, answer, said.length, proof.length);
        send(answer);
        ByteBuffer theirs = HelloDescriptor.allocate(HelloDescriptor.PROOF_BYTES);
        receive(theirs);
        if (!MessageDigest.isEqual(theirs.array(), job.authenticate(DIALLER, hello.array(), said))) {
            throw failed(HelloException.Cause.WRONG_SECRET);
        }
        boolean admitted = admission.test(greeting);
        int status = admitted ? ADMITTED : HelloException.Cause.NOT_ADMITTED.code();
        byte[] verdict = HelloDescriptor.allocate(HelloDescriptor.VERDICT_BYTES).putShort((short) status).array();
        proof = job.authenticate(VERDICT, hello.array(), said, Arrays.copyOf(verdict, 2));
        System.arraycopy(proof, 0, verdict, 2, proof.length);
        send(verdict);
        if (!admitted) {
            throw failed(HelloException.Cause.NOT_ADMITTED);
        }
        return greeting;
    }

    private HelloException refuse(HelloException.Cause cause) throws IOException {
        send(HelloDescriptor.answer(cause.code(), 0, new byte[HelloDescriptor.NONCE_BYTES]));
        return failed(cause);
    }

    private HelloException failed(HelloException.Cause cause) {
        return new HelloException(cause, peerName);
    }

    private static byte[] nonce() {
        byte[] nonce = new byte[HelloDescriptor.NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    private void send(byte[] message) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(message);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private void receive(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw (IOException) failed(HelloException.Cause.DISCONNECTED).initCause(new EOFException());
            }
        }
    }
}
