package org.isthmus.comm.rma;

/** Three nodes, memory in their segments. */
class SeveralNodesWindowTest extends WindowConformance {
    @Override
    int nodes() {
        return 3;
    }

    @Override
    boolean inSegment() {
        return true;
    }
}
