package org.isthmus.comm.coll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.fixture.Elements;
import org.isthmus.comm.fixture.LocalJob;
import org.isthmus.comm.fixture.MemoryJob;
import org.isthmus.comm.fixture.TestType;
import org.junit.jupiter.api.Test;

/** Algorithms over messages, between threads; and how they report a message that does not fit. */
class MemoryReductionTest extends ReductionConformance {
    @Override
    protected LocalJob job() {
        return new MemoryJob();
    }

    @Test
    void receivingTooMuchIsTruncation() throws Exception {
        job().run(2, comm -> {
            Collectives collectives = collectives(comm, "");
            TestType type = TestType.INT;
            Elements buffer = type.allocate(10);
            if (comm.rank() == 0) {
                collectives.bcast(buffer.base, buffer.offset, 10, buffer.type, 0);
                await(comm, collectives.ibcast(buffer.base, buffer.offset, 10, buffer.type, 0));
            } else {
                CommException thrown = assertThrows(CommException.class,
                        () -> collectives.bcast(buffer.base, buffer.offset, 5, buffer.type, 0));
                assertEquals(ErrorClass.TRUNCATE, thrown.errorClass());
                CollectiveRequest request = collectives.ibcast(buffer.base, buffer.offset, 5, buffer.type, 0);
                comm.progress().await(request);
                assertEquals(ErrorClass.TRUNCATE, request.errorClass);
            }
        });
    }
}
