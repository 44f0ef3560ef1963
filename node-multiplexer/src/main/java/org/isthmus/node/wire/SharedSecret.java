package org.isthmus.node.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Random bytes that the members of a job know and nobody else does, and all that is made from them: proofs (HMAC-SHA256)
 * over nonces and what was said, and keys (HKDF-SHA256, RFC 5869) for connections. Every hello of ours uses it. The bytes
 * leave this object only as the key of such a function. Any thread may call.
 */
public final class SharedSecret {
    /** Bytes of a secret that is made here, and fewest of any. */
    public static final int BYTES = 32;
    public static final int NONCE_BYTES = 32;
    public static final int PROOF_BYTES = 32;
    public static final int DIGEST_BYTES = 32;
    public static final int KEY_BYTES = 32;

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
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Whether two proofs or digests are the same; takes as long for every answer. */
    public static boolean same(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }

    /** Shows that its maker knows the secret: HMAC-SHA256 of the label, its length before it, and of the parts. */
    public byte[] proof(String label, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] name = label.getBytes(StandardCharsets.UTF_8);
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).array());
            mac.update(name);
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
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
