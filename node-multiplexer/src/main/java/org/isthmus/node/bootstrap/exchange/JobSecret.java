package org.isthmus.node.bootstrap.exchange;

import java.util.HexFormat;
import org.isthmus.node.wire.SharedSecret;

/**
 * 256 random bits that the processes of one job know and nobody else does. They travel in environments, files of mode
 * 0600 and through the launcher's own channels, never on a command line. Immutable.
 */
public final class JobSecret {
    static final int BYTES = SharedSecret.BYTES;

    private final byte[] key;

    private JobSecret(byte[] key) {
        this.key = key;
    }

    public static JobSecret random() {
        return new JobSecret(SharedSecret.nonce());
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

    /** What proofs are made with. */
    SharedSecret shared() {
        return new SharedSecret(key);
    }

    @Override
    public String toString() {
        return "JobSecret(hidden)";
    }
}
