package org.isthmus.comm.rma;

/** Three nodes, memory of each process. */
class SeveralNodesOwnMemoryWindowTest extends WindowConformance {
    @Override
    int nodes() {
        return 3;
    }

    @Override
    boolean inSegment() {
        return false;
    }
}
