package org.isthmus.rdma.extension;

import com.ibm.disni.verbs.SVCPostSend;

/** Fields of a prepared send that DiSNI fixes when it is made. Allocates nothing. */
public interface SendModifier extends SVCPostSend.SendWRMod {
    /** @param opcode an {@code IbvSendWR.IBV_WR_*} */
    void setOpcode(int opcode);

    /**
     * @param immediate 32 bits as the peer's {@code IbvWC.getImm_data} gives them back, whatever the byte order of
     * hosts
     */
    void setImmediate(int immediate);

    /** Fields of an atomic operation; {@code compareAdd} is what is compared, or what is added. */
    void setAtomic(long remoteAddress, int rkey, long compareAdd, long swap);
}
