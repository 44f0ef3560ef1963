package org.isthmus.rdma.software;

import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.RdmaCmEvent.EventType;
import com.ibm.disni.verbs.RdmaCmId;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * One end of a connection, or a listener.
 *
 * <pre>
 *  IDLE --bindAddr--> BOUND --listen--> LISTENING
 *  IDLE, BOUND --resolveAddr--> RESOLVED --resolveRoute--> ROUTED --connect--> CONNECTING --peer accepts--> CONNECTED
 *  (of a listener) REQUESTED --accept--> CONNECTED
 *  CONNECTING, CONNECTED, REQUESTED --disconnect, reject, the other end's--> DISCONNECTED
 * </pre>
 */
final class SoftwareCmId extends RdmaCmId {
    enum State { IDLE, BOUND, LISTENING, RESOLVED, ROUTED, CONNECTING, REQUESTED, CONNECTED, DISCONNECTED }

    State state = State.IDLE;
    InetSocketAddress local;
    InetSocketAddress remote;
    SoftwareCmId peer;
    int rnrRetries;

    SoftwareCmId(SoftwareEventChannel channel, short portSpace) throws IOException {
        super(channel, null);
        this.ps = portSpace;
    }

    void open(IbvContext context) {
        setVerbs(context);
        setPort_num((byte) 1);
    }

    void setQueuePair(IbvQP qp) {
        setQp(qp);
    }

    SoftwareEventChannel channel() {
        return (SoftwareEventChannel) getCmChannel();
    }

    void tell(EventType type, int status, SoftwareCmId listener, byte[] data) throws IOException {
        channel().add(new SoftwareCmEvent(type, status, listener, this, data));
    }

    void require(State wanted, String call) throws IOException {
        if (state != wanted) {
            throw SoftwareProvider.refused(call, "the id is " + state + ", it must be " + wanted + " (EINVAL)");
        }
    }

    /** This end is cut; the other one hears of it. */
    void cut() throws IOException {
        SoftwareCmId other = peer;
        if (getQp() != null) {
            ((SoftwareQp) getQp()).enterError();
        }
        peer = null;
        if (other != null) {
            EventType news = state == State.CONNECTED ? EventType.RDMA_CM_EVENT_DISCONNECTED
                    : other.state == State.CONNECTING ? EventType.RDMA_CM_EVENT_REJECTED
                    : EventType.RDMA_CM_EVENT_CONNECT_ERROR;
            other.peer = null;
            other.state = State.DISCONNECTED;
            other.tell(news, 0, null, new byte[0]);
        }
        state = State.DISCONNECTED;
    }
}
