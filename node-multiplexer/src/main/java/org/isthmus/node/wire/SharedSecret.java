package org.isthmus.node.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Random bytes that the members of a job know and nobody else does, and all that is made from them: proofs
 * (HMAC-SHA256) over nonces and what was said, and keys (HKDF-SHA256, RFC 5869) for connections. Every hello of ours
 * uses it. The bytes leave this object only as the key of such a function. Any thread may call.
 */
public final class SharedSecret {
    /** Bytes of a secret that is made here, and fewest of any. */
    public static final int BYTES = 32;
    public static final int NONCE_BYTES = 32;
    public static final int PROOF_BYTES = 32;
    public static final int DIGEST_BYTES = 32;
    public static final int KEY_BYTES = 32;

    /** Of SHA-256, in RFC 2104. */
    private static final int BLOCK_BYTES = 64;
    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5c;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKeySpec key;

    /** @param secret copied; the caller may wipe it */
    public SharedSecret(byte[] secret) {
        if (secret.length < BYTES) {
            throw new IllegalArgumentException("job secret of " + secret.length + " bytes: at least " + BYTES
                    + " random bytes are needed");
        }
        this.key = new SecretKeySpec(secret, "HmacSHA256");
    }

    /** {@link #NONCE_BYTES} fresh random bytes. */
    public static byte[] nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return nonce;
    }

    /** SHA-256 of a text in UTF-8. */
    public static byte[] digest(String text) {
        return newHash().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether two proofs or digests are the same; takes as long for every answer. */
    public static boolean same(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }

    /** Shows that its maker knows the secret: HMAC-SHA256 of the label, its length before it, and of the parts. */
    public byte[] proof(String label, byte[]... parts) {
        byte[] name = label.getBytes(StandardCharsets.UTF_8);
        MessageDigest inner = beginHash(INNER_PAD);
        inner.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).array());
        inner.update(name);
        for (byte[] part : parts) {
            inner.update(part);
        }
        return beginHash(OUTER_PAD).digest(inner.digest());
    }

    /**
     * One of the two hashes of HMAC (RFC 2104) with its key taken in. {@code javax.crypto.Mac} would do the same, but
     * its search for an implementation makes all providers before that one, with every elliptic curve they know: 60 ms
     * of processor time at the start of each rank.
     */
    private MessageDigest beginHash(byte pad) {
        byte[] bytes = key.getEncoded();
        byte[] block = Arrays.copyOf(bytes.length > BLOCK_BYTES ? newHash().digest(bytes) : bytes, BLOCK_BYTES);
        for (int i = 0; i < BLOCK_BYTES; i++) {
            block[i] ^= pad;
        }
        MessageDigest hash = newHash();
        hash.update(block);
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(block, (byte) 0);
        return hash;
    }

    private static MessageDigest newHash() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A key for what {@code label} names, different for every salt: the nonces of both sides. */
    byte[] deriveKey(String label, byte[] salt) {
        try {
            return KDF.getInstance("HKDF-SHA256").deriveData(HKDFParameterSpec.ofExtract().addIKM(key).addSalt(salt)
                    .thenExpand(label.getBytes(StandardCharsets.UTF_8), KEY_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 25 has HKDF-SHA256", e);
        }
    }
}
