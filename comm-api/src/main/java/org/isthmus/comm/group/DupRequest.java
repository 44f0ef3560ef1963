package org.isthmus.comm.group;

import org.isthmus.comm.coll.CollectiveRequest;

/** A duplication under way: {@link #result} exists at once, but may be used only when the request is done. */
public abstract class DupRequest extends CollectiveRequest {
    public Communicator result;
}
