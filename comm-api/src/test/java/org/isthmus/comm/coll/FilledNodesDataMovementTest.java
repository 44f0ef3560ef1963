package org.isthmus.comm.coll;

import java.util.List;
import org.isthmus.comm.NodeJob;
import org.isthmus.comm.fixture.LocalJob;
import org.isthmus.comm.fixture.NodeLocalJob;
import org.isthmus.comm.group.Communicator;

/** The collectives of ranks on three nodes, each with consecutive ranks. */
class FilledNodesDataMovementTest extends DataMovementConformance {
    private final NodeLocalJob job = new NodeLocalJob(3, NodeJob.Mapping.FILLED);

    @Override
    protected LocalJob job() {
        return job;
    }

    @Override
    protected List<String> algorithms(CollectiveKind kind) {
        return List.of("node");
    }

    @Override
    protected Collectives collectives(Communicator comm, String setting) {
        return job.collectives(comm);
    }
}
