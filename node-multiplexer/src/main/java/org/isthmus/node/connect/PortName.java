package org.isthmus.node.connect;

/**
 * A port of a process (MPI 3.1, section 10.4.2) as text: {@code isthmus:NUMBER:CARD}. Who knows it may connect.
 *
 * @param number of the port in its process
 */
record PortName(int number, ProcessCard owner) {
    private static final String PREFIX = "isthmus:";

    String text() {
        return PREFIX + number + ":" + owner.text();
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException if it is no port name
     */
    static PortName parse(String text) {
        String[] parts = text == null ? new String[0] : text.split(":", 3);
        if (parts.length != 3 || !text.startsWith(PREFIX) || !parts[1].matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("the port name " + (text == null ? "is null" : "has " + text.length()
                    + " characters and does not begin with " + PREFIX + "NUMBER:")
                    + "; it must be what Intracomm.openPort or lookupName returned");
        }
        try {
            return new PortName(Integer.parseInt(parts[1]), ProcessCard.parse(parts[2]));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the port name is incomplete or changed: " + e.getMessage()
                    + "; it must be what Intracomm.openPort or lookupName returned", e);
        }
    }
}
