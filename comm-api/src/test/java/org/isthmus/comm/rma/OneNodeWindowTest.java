package org.isthmus.comm.rma;

/** One node, memory in its segment. */
class OneNodeWindowTest extends WindowConformance {
    @Override
    int nodes() {
        return 1;
    }

    @Override
    boolean inSegment() {
        return true;
    }
}
