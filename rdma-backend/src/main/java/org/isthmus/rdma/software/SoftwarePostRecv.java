package org.isthmus.rdma.software;

import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.SVCPostRecv;
import java.io.IOException;
import java.util.List;

/** A prepared list of receives. */
final class SoftwarePostRecv extends SVCPostRecv {
    private final SoftwareFabric fabric;
    private final SoftwareQp qp;
    private final WorkRequest[] requests;
    private boolean valid = true;

    SoftwarePostRecv(SoftwareFabric fabric, SoftwareQp qp, List<IbvRecvWR> list) throws IOException {
        this.fabric = fabric;
        this.qp = qp;
        this.requests = new WorkRequest[list.size()];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = prepare(list.get(i));
        }
    }

    private static WorkRequest prepare(IbvRecvWR from) throws IOException {
        WorkRequest request = new WorkRequest();
        request.wrId = from.getWr_id();
        request.pieces = from.getSg_list() == null ? 0 : from.getSg_list().size();
        if (request.pieces > SoftwareLimits.MAX_SGE) {
            throw SoftwareProvider.refused("postRecv", request.pieces + " pieces, at most " + SoftwareLimits.MAX_SGE);
        }
        for (int i = 0; i < request.pieces; i++) {
            IbvSge sge = from.getSg_list().get(i);
            request.addresses[i] = sge.getAddr();
            request.lengths[i] = sge.getLength();
            request.keys[i] = sge.getLkey();
        }
        return request;
    }

    @Override
    public SVCPostRecv execute() throws IOException {
        fabric.lock();
        try {
            for (WorkRequest request : requests) {
                qp.postReceive(request);
            }
            fabric.progress();
        } finally {
            fabric.unlock();
        }
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCPostRecv free() {
        valid = false;
        return this;
    }

    @Override
    public RecvWRMod getWrMod(int index) {
        return () -> requests[index].wrId;
    }
}
