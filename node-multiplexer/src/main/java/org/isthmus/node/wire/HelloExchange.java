package org.isthmus.node.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * The hello at the start of a connection: both sides prove that they know the secret of the job, over fresh nonces of
 * both and all that was said (mutual HMAC-SHA256 challenge). It blocks: {@link HelloService} runs it off the data
 * threads and ends it at its deadline. Whoever is not of our protocol gets no answer; whoever does not prove itself
 * costs at most one answer, and no memory by what it says.
 */
public final class HelloExchange {
    private static final String ACCEPTOR = "isthmus acceptor";
    private static final String DIALLER = "isthmus dialler";
    private static final String VERDICT = "isthmus verdict";
    private static final String FROM_ACCEPTOR = "isthmus frames of the acceptor";
    private static final String FROM_DIALLER = "isthmus frames of the dialler";
    private static final int ADMITTED = 0;

    private final ByteChannel channel;
    private final JobIdentification job;
    private final String peerName;
    private int purpose = -1;
    private SessionKeys keys;

    /**
     * @param channel in blocking mode
     * @param peerName how messages name the other side: its address
     */
    public HelloExchange(ByteChannel channel, JobIdentification job, String peerName) {
        this.channel = channel;
        this.job = job;
        this.peerName = peerName;
    }

    /** The side that accepts refuses what is for another purpose than this. */
    public HelloExchange forPurpose(int only) {
        purpose = only;
        return this;
    }

    /** After a hello that ended well: the keys of this connection. */
    public SessionKeys keys() {
        return keys;
    }

    private byte[] salt(byte[] hello, byte[] said) {
        byte[] salt = Arrays.copyOfRange(hello, hello.length - HelloDescriptor.NONCE_BYTES,
                hello.length + HelloDescriptor.NONCE_BYTES);
        System.arraycopy(said, said.length - HelloDescriptor.NONCE_BYTES, salt, HelloDescriptor.NONCE_BYTES,
                HelloDescriptor.NONCE_BYTES);
        return salt;
    }

    /**
     * The hello of the side that dials.
     *
     * @return the peer's incarnation
     * @throws HelloException if it did not end well; {@link IOException} if the connection broke
     */
    public long dial(Greeting greeting) throws IOException {
        byte[] hello = HelloDescriptor.hello(greeting, job.jobDigest(), SharedSecret.nonce());
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
        if (!SharedSecret.same(proof, job.secret().proof(ACCEPTOR, hello, said))) {
            throw failed(HelloException.Cause.WRONG_SECRET);
        }
        send(job.secret().proof(DIALLER, hello, said));
        ByteBuffer verdict = HelloDescriptor.allocate(HelloDescriptor.VERDICT_BYTES);
        receive(verdict);
        byte[] status = Arrays.copyOf(verdict.array(), 2);
        byte[] verdictProof = Arrays.copyOfRange(verdict.array(), 2, HelloDescriptor.VERDICT_BYTES);
        if (!SharedSecret.same(verdictProof, job.secret().proof(VERDICT, hello, said, status))) {
            throw failed(HelloException.Cause.WRONG_SECRET);
        } else if (verdict.getShort(0) != ADMITTED) {
            throw failed(HelloException.Cause.ofCode(verdict.getShort(0)));
        }
        byte[] salt = salt(hello, said);
        keys = new SessionKeys(job.secret().deriveKey(FROM_DIALLER, salt), job.secret().deriveKey(FROM_ACCEPTOR, salt));
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
        byte[] digest = new byte[SharedSecret.DIGEST_BYTES];
        hello.get(digest);
        if (!SharedSecret.same(digest, job.jobDigest())) {
            throw refuse(HelloException.Cause.OTHER_JOB);
        } else if (greeting.peer() != node || greeting.shard() != shard) {
            throw refuse(HelloException.Cause.OTHER_NODE);
        }
        byte[] answer = HelloDescriptor.answer(ADMITTED, incarnation, SharedSecret.nonce());
        byte[] said = Arrays.copyOf(answer, HelloDescriptor.ANSWER_BYTES - HelloDescriptor.PROOF_BYTES);
        byte[] proof = job.secret().proof(ACCEPTOR, hello.array(), said);
        System.arraycopy(proof, 0, answer, said.length, proof.length);
        send(answer);
        ByteBuffer theirs = HelloDescriptor.allocate(HelloDescriptor.PROOF_BYTES);
        receive(theirs);
        if (!SharedSecret.same(theirs.array(), job.secret().proof(DIALLER, hello.array(), said))) {
            throw failed(HelloException.Cause.WRONG_SECRET);
        }
        HelloException.Cause refusal = purpose >= 0 && greeting.purpose() != purpose
                ? HelloException.Cause.OTHER_PURPOSE
                : admission.test(greeting) ? null : HelloException.Cause.NOT_ADMITTED;
        int status = refusal == null ? ADMITTED : refusal.code();
        byte[] verdict = HelloDescriptor.allocate(HelloDescriptor.VERDICT_BYTES).putShort((short) status).array();
        proof = job.secret().proof(VERDICT, hello.array(), said, Arrays.copyOf(verdict, 2));
        System.arraycopy(proof, 0, verdict, 2, proof.length);
        send(verdict);
        if (refusal != null) {
            throw failed(refusal);
        }
        byte[] salt = salt(hello.array(), said);
        keys = new SessionKeys(job.secret().deriveKey(FROM_ACCEPTOR, salt), job.secret().deriveKey(FROM_DIALLER, salt));
        return greeting;
    }

    private HelloException refuse(HelloException.Cause cause) throws IOException {
        send(HelloDescriptor.answer(cause.code(), 0, new byte[HelloDescriptor.NONCE_BYTES]));
        return failed(cause);
    }

    private HelloException failed(HelloException.Cause cause) {
        return new HelloException(cause, peerName);
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
