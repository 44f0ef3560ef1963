package org.isthmus.rdma.software;

import com.ibm.disni.verbs.IbvContext;
import java.io.IOException;

/** The device that does not exist, opened. */
final class SoftwareContext extends IbvContext {
    SoftwareContext() throws IOException {
        super(0, 1);
    }
}
