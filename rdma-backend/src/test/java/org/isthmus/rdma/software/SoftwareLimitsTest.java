package org.isthmus.rdma.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaCmId;
import com.ibm.disni.verbs.RdmaEventChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.isthmus.rdma.extension.VerbsProviders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the software device refuses. */
@Timeout(60)
class SoftwareLimitsTest {
    private final SoftwareProvider provider = SoftwareProvider.shared();
    private RdmaCmId id;
    private IbvPd pd;

    @BeforeEach
    void open() throws IOException {
        VerbsProviders.replace(provider);
        id = RdmaEventChannel.createEventChannel().createId((short) 0x106);
        id.bindAddr(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        pd = id.getVerbs().allocPd();
    }

    @Test
    void queuesLongerThanTheDeviceAllowsAreRefusedByName() throws IOException {
        IbvQPInitAttr attributes = new IbvQPInitAttr();
        attributes.setQp_type((byte) 2);
        attributes.setSend_cq(id.getVerbs().createCQ(null, 16, 0));
        attributes.setRecv_cq(attributes.getSend_cq());
        attributes.cap().setMax_send_wr(SoftwareLimits.MAX_QP_WR + 1);
        IOException refused = assertThrows(IOException.class, () -> provider.createQp(id, pd, attributes, null));
        assertTrue(refused.getMessage().contains("max_send_wr = 4097"), refused.getMessage());
        attributes.cap().setMax_send_wr(1);
        attributes.cap().setMax_inline_data(SoftwareLimits.MAX_INLINE + 1);
        assertThrows(IOException.class, () -> provider.createQp(id, pd, attributes, null));
        assertThrows(IOException.class, () -> id.getVerbs().createCQ(null, SoftwareLimits.MAX_CQE + 1, 0));
        assertThrows(IOException.class, () -> provider.createSrq(pd, SoftwareLimits.MAX_SRQ_WR + 1, 1));
    }

    @Test
    void remoteWritingNeedsLocalWriting() {
        assertThrows(IOException.class, () -> provider.register(pd, 4096, 4096, IbvMr.IBV_ACCESS_REMOTE_WRITE));
        assertThrows(IOException.class, () -> provider.register(pd, 4096, 0, IbvMr.IBV_ACCESS_LOCAL_WRITE));
    }

    @Test
    void aRegistrationEndsOnce() throws IOException {
        int before = provider.fabric().registrations();
        IbvMr mr = provider.register(pd, 4096, 1L << 33, IbvMr.IBV_ACCESS_LOCAL_WRITE);
        assertEquals(before + 1, provider.fabric().registrations());
        assertEquals(Integer.MAX_VALUE, mr.getLength());
        mr.deregMr().execute().free();
        assertFalse(mr.isOpen());
        assertThrows(IOException.class, () -> mr.deregMr().execute());
    }

    @Test
    void aPortIsTakenOnce() throws IOException {
        RdmaCmId other = id.getCmChannel().createId((short) 0x106);
        InetSocketAddress same = new InetSocketAddress(InetAddress.getLoopbackAddress(), provider.localPort(id));
        assertThrows(IOException.class, () -> other.bindAddr(same));
        id.destroyId();
        other.bindAddr(same);
        other.destroyId();
    }
}
