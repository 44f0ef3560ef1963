package org.isthmus.rdma.software;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCDeregMr;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCRegMr;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;

/** DiSNI's stateful calls that are short. Each may be executed again until it is freed. */
final class SoftwareCalls {
    private SoftwareCalls() {}

    static final class RegMr extends SVCRegMr {
        private final SoftwareFabric fabric;
        private final IbvPd pd;
        private final long address;
        private final int length;
        private final int access;
        private boolean valid = true;
        private IbvMr mr;

        RegMr(SoftwareFabric fabric, IbvPd pd, long address, int length, int access) {
            this.fabric = fabric;
            this.pd = pd;
            this.address = address;
            this.length = length;
            this.access = access;
        }

        @Override
        public SVCRegMr execute() throws IOException {
            fabric.lock();
            try {
                mr = fabric.memory().register(pd, address, length, access);
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
        public SVCRegMr free() {
            valid = false;
            return this;
        }

        @Override
        public IbvMr getMr() {
            return mr;
        }
    }

    static final class DeregMr extends SVCDeregMr {
        private final SoftwareFabric fabric;
        private final IbvMr mr;
        private boolean valid = true;

        DeregMr(SoftwareFabric fabric, IbvMr mr) {
            this.fabric = fabric;
            this.mr = mr;
        }

        @Override
        public SVCDeregMr execute() throws IOException {
            fabric.lock();
            try {
                if (!fabric.memory().deregister(mr.getLkey())) {
                    throw SoftwareProvider.refused("deregMr", "key " + mr.getLkey() + " is not registered");
                }
                mr.close();
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
        public SVCDeregMr free() {
            valid = false;
            return this;
        }
    }

    static final class PollCq extends SVCPollCq {
        private final SoftwareFabric fabric;
        private final SoftwareCq cq;
        private final IbvWC[] completions;
        private final int most;
        private boolean valid = true;
        private int polls;

        PollCq(SoftwareFabric fabric, SoftwareCq cq, IbvWC[] completions, int most) {
            this.fabric = fabric;
            this.cq = cq;
            this.completions = completions;
            this.most = Math.min(most, completions.length);
        }

        @Override
        public SVCPollCq execute() throws IOException {
            fabric.lock();
            try {
                fabric.progress();
                polls = cq.take(completions, most);
                if (polls == 0 && cq.isOverrun()) {
                    throw SoftwareProvider.refused("pollCQ", "the completion queue of " + cq.getCqe()
                            + " entries was overrun; make it as long as all queues that complete into it");
                }
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
        public SVCPollCq free() {
            valid = false;
            return this;
        }

        @Override
        public int getPolls() {
            return polls;
        }
    }

    static final class ReqNotify extends SVCReqNotify {
        private final SoftwareFabric fabric;
        private final SoftwareCq cq;
        private final boolean solicitedOnly;
        private boolean valid = true;

        ReqNotify(SoftwareFabric fabric, SoftwareCq cq, boolean solicitedOnly) {
            this.fabric = fabric;
            this.cq = cq;
            this.solicitedOnly = solicitedOnly;
        }

        @Override
        public SVCReqNotify execute() {
            fabric.lock();
            try {
                cq.arm(solicitedOnly);
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
        public SVCReqNotify free() {
            valid = false;
            return this;
        }
    }
}
