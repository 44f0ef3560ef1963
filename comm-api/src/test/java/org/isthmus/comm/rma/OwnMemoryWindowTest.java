package org.isthmus.comm.rma;

/** One node, memory of each process. */
class OwnMemoryWindowTest extends WindowConformance {
    @Override
    int nodes() {
        return 1;
    }

    @Override
    boolean inSegment() {
        return false;
    }
}
