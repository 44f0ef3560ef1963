package org.isthmus.node.bootstrap.exchange;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * 256 random bits that the processes of one job know and nobody else does. They travel in environments, files of mode
 * 0600 and through the launcher's own channels, never on a command line. Immutable.
 */
public final class JobSecret {
    static final int BYTES = 32;
    static final int MAC_BYTES = 32;

    private final byte[] key;

    private JobSecret(byte[] key) {
        this.key = key;
    }

    public static JobSecret random() {
        return new JobSecret(nonce());
    }

    /**
     * Reads {@link #hex}.
     *
     * @throws ExchangeException that does not show the text, if it is no such secret
     */
    public static JobSecret parse(String hex) {
        if (!hex.matches("[0-9a-fA-F]{" + 2 * BYTES + "}")) {
            throw new ExchangeException("the job's secret has " + hex.length() + " characters and is not the "
                    + 2 * BYTES + " hexadecimal digits that are needed");
        }
        return new JobSecret(HexFormat.of().parseHex(hex));
    }

    /** The secret as 64 hexadecimal digits. */
    public String hex() {
        return HexFormat.of().formatHex(key);
    }

    static byte[] nonce() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /** HMAC-SHA256 of a label and parts whose lengths the label fixes. */
    byte[] mac(String label, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
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

    @Override
    public String toString() {
        return "JobSecret(hidden)";
    }
}
