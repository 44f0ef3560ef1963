package org.isthmus.rdma.software;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaVerbs;
import java.io.IOException;

/**
 * A DiSNI provider without a device: all queue pairs of this process on one {@link SoftwareFabric}. It keeps the rules
 * of reliable-connected queue pairs: order, signalled and unsignalled completion, receiver-not-ready, flush after an
 * error, limits of queues and of inline data, access rights and bounds, shared receive queues, atomics. Its extension
 * is {@link SoftwareExtension}'s part. Any thread may call.
 */
public final class SoftwareProvider extends SoftwareExtension {
    public static final String NAME = "software";
    private static final SoftwareProvider SHARED = new SoftwareProvider();

    private SoftwareProvider() {
        super(new SoftwareFabric());
    }

    /** The one of this process. */
    public static SoftwareProvider shared() {
        return SHARED;
    }

    /** Where its queue pairs meet, for faults. */
    public SoftwareFabric fabric() {
        return fabric;
    }

    /** Says to all who listen that the device goes away; it does not. */
    public void announceRemoval() throws IOException {
        cm.removeDevice();
    }

    @Override
    public RdmaCm openCm() {
        return cm;
    }

    @Override
    public RdmaVerbs openVerbs() {
        return verbs;
    }

    @Override
    public int getVersion() {
        return 2;
    }

    @Override
    public String toString() {
        return NAME;
    }

    /** {@link IOException} in DiSNI's habit: what was asked, why not, what to do. */
    static IOException refused(String call, String why) {
        return new IOException(call + ": " + why);
    }

}
