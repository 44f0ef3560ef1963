package org.isthmus.comm.coll;

import org.isthmus.comm.fixture.LocalJob;
import org.isthmus.comm.fixture.MemoryJob;

/** Algorithms over messages, between threads. */
class MemoryDataMovementTest extends DataMovementConformance {
    @Override
    protected LocalJob job() {
        return new MemoryJob();
    }
}
