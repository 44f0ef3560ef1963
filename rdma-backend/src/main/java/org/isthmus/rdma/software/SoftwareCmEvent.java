package org.isthmus.rdma.software;

import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import java.io.IOException;

/** What happened to a connection. */
final class SoftwareCmEvent extends RdmaCmEvent {
    private final byte[] data;

    SoftwareCmEvent(EventType type, int eventStatus, RdmaCmId listener, RdmaCmId id, byte[] data) throws IOException {
        super(type.ordinal(), listener, id);
        this.status = eventStatus;
        this.data = data;
    }

    byte[] data() {
        return data;
    }
}
