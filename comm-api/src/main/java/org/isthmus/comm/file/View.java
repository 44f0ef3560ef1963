package org.isthmus.comm.file;

import org.isthmus.comm.datatype.BlockSequence;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * What a rank sees of the file (MPI 3.1, section 13.3). Positions are bytes of the data it sees, offsets bytes of the
 * file. Immutable.
 *
 * @param displacement where the view begins, in bytes of the file
 * @param etypeSize bytes of the unit in which programs count positions
 * @param blocks the data of the view
 */
record View(long displacement, long etypeSize, BlockSequence blocks, Representation representation) {
    /** Up to this many bytes of the file for each block, times the share that blocks have, reading it all pays. */
    private static final double SIEVED_BLOCK = 4096;

    /** The whole file as bytes. */
    static View ofBytes() {
        return of(0, TypeMap.of(Primitive.BYTE), TypeMap.of(Primitive.BYTE), Representation.NATIVE);
    }

    /** @throws CommException {@code DISP} or {@code TYPE} */
    static View of(long displacement, TypeMap etype, TypeMap filetype, Representation representation) {
        if (displacement < 0) {
            throw new CommException(ErrorClass.DISP, "disp is " + displacement + "; it must be 0 or more");
        }
        if (etype.size() == 0) {
            throw new CommException(ErrorClass.TYPE, "etype has no data; use one of at least one byte");
        }
        if (filetype.size() % etype.size() != 0) {
            throw new CommException(ErrorClass.TYPE, "filetype has " + filetype.size() + " bytes of data, which is no "
                    + "whole number of etypes of " + etype.size() + " bytes; derive filetype from etype");
        }
        if (filetype.size() > 0 && filetype.extent() <= 0) {
            throw new CommException(ErrorClass.TYPE, "filetype has an extent of " + filetype.extent()
                    + " bytes; it must be above 0");
        }
        BlockSequence blocks = new BlockSequence(displacement, filetype);
        if (!blocks.isOrderedInElement()) {
            throw new CommException(ErrorClass.TYPE, "filetype has displacements that are negative or go back; order "
                    + "them from 0 on");
        }
        return new View(displacement, etype.size(), blocks, representation);
    }

    /** Whether the span of an access should be read, and written, as a whole, gaps included. */
    boolean prefersSieving() {
        return blocks.isMonotone() && blocks.meanBlock() < SIEVED_BLOCK * blocks.density();
    }

    /**
     * Position of the etype at {@code offset}.
     *
     * @throws CommException {@code ARG} when that is beyond the largest file there can be.
     */
    long position(long offset) {
        long last = blocks.lastPosition() / etypeSize;
        if (offset > last || offset < -last) {
            throw beyond("offset is " + offset, last);
        }
        return offset * etypeSize;
    }

    /** Refuses an access that goes on beyond the largest file there can be. */
    void checkEnd(long position, long length) {
        if (length > blocks.lastPosition() - position) {
            throw beyond("the access goes to etype " + position / etypeSize + " and " + length / etypeSize + " more",
                    blocks.lastPosition() / etypeSize);
        }
    }

    private CommException beyond(String what, long last) {
        return new CommException(ErrorClass.ARG, what + "; a file can have " + last + " etypes of this view");
    }
}
