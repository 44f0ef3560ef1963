package org.isthmus.node.spi;

import java.util.Arrays;
import java.util.Base64;

/**
 * Where an endpoint is reached, as bytes that only its backend reads. {@link #text} has no blanks, quotes or control
 * characters and fits the value of any key-value space used in wire-up. Comes from other processes: the backend checks
 * every field before use.
 */
public final class EndpointAddress {
    /** Most bytes of an address, so that its text stays below 1,024 characters. */
    public static final int MAX_BYTES = 736;

    private final String backend;
    private final byte[] bytes;

    /** @param backend {@link Backend#name} of the one that can read the bytes */
    public EndpointAddress(String backend, byte[] bytes) {
        if (!backend.matches("[a-z][a-z0-9-]{0,31}")) {
            throw new IllegalArgumentException("backend name \"" + backend
                    + "\": 1 to 32 lower-case letters, digits and hyphens are allowed, the first a letter");
        }
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("address of " + bytes.length + " bytes: from 1 to " + MAX_BYTES
                    + " are allowed");
        }
        this.backend = backend;
        this.bytes = bytes.clone();
    }

    /** The address of that text; {@link IllegalArgumentException} if it is none. */
    public static EndpointAddress parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("endpoint address \"" + text + "\": backend:bytes is needed");
        }
        return new EndpointAddress(text.substring(0, colon), Base64.getUrlDecoder().decode(text.substring(colon + 1)));
    }

    public String text() {
        return backend + ':' + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** {@link IllegalArgumentException} if the address is another backend's. */
    public EndpointAddress requireBackend(String name) {
        if (!backend.equals(name)) {
            throw new IllegalArgumentException("address of backend \"" + backend + "\" given to backend \"" + name
                    + "\": all nodes of a job need the same backend");
        }
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EndpointAddress address && address.backend.equals(backend)
                && Arrays.equals(address.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return text();
    }
}
