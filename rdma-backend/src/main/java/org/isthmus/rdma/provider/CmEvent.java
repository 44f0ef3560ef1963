package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.RdmaCmEvent;
import com.ibm.disni.verbs.RdmaCmId;
import java.io.IOException;

/**
 * An event, copied: it is acknowledged to the library before the program sees it, so that ids can always be destroyed.
 */
final class CmEvent extends RdmaCmEvent {
    private final byte[] privateData;

    CmEvent(int event, int status, RdmaCmId listener, RdmaCmId id, byte[] privateData) throws IOException {
        super(event, listener, id);
        this.status = status;
        this.privateData = privateData;
    }

    byte[] privateData() {
        return privateData.clone();
    }
}
