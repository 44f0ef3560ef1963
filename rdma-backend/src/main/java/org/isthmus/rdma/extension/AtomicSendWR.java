package org.isthmus.rdma.extension;

import com.ibm.disni.verbs.IbvSendWR;
import java.util.LinkedList;

/** A work request with the fields of an atomic operation, which DiSNI's own constructor leaves out. */
public final class AtomicSendWR extends IbvSendWR {
    public AtomicSendWR() {
        super(new IbvSendWR.Rdma(), new IbvSendWR.Atomic(), null, new LinkedList<>());
    }
}
