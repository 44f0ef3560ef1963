package org.isthmus.comm.coll;

import org.isthmus.comm.group.Communicator;

/** Makes the collectives of a communicator; the same object for the same communicator. */
public interface CollectivesFactory {
    Collectives of(Communicator communicator);
}
