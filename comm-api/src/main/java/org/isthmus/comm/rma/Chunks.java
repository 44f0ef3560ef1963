package org.isthmus.comm.rma;

/** The size in which data that cannot be moved in one go is moved. */
final class Chunks {
    /** Bytes of packed data: a multiple of the packed size of every predefined type. */
    static final int BYTES = 48 * 512;

    private Chunks() {}
}
