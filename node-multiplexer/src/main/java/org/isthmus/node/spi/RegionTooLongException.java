package org.isthmus.node.spi;

/** A region send does not fit the place that the peer gave for it. */
public final class RegionTooLongException extends Exception {
    public RegionTooLongException(long number, long length, long placeLength) {
        super("region transfer " + number + " has " + length + " bytes, but its place has " + placeLength
                + ": both ends must give their transfers in one order");
    }
}
