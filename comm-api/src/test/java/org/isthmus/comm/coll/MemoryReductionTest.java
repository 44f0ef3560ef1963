package org.isthmus.comm.coll;

import org.isthmus.comm.fixture.LocalJob;
import org.isthmus.comm.fixture.MemoryJob;

/** Algorithms over messages, between threads. */
class MemoryReductionTest extends ReductionConformance {
    @Override
    protected LocalJob job() {
        return new MemoryJob();
    }
}
