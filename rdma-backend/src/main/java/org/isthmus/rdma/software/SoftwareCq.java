package org.isthmus.rdma.software;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvWC;
import java.io.IOException;
import java.util.ArrayDeque;

/** A completion queue. Used with the fabric's lock held. */
final class SoftwareCq extends IbvCQ {
    private enum Armed { NO, SOLICITED, ANY }

    private final ArrayDeque<Completion> entries = new ArrayDeque<>();
    private Armed armed = Armed.NO;
    private boolean overrun;

    SoftwareCq(IbvContext context, SoftwareCompChannel channel, int cqe) throws IOException {
        super(context, channel, 0);
        this.cqe = cqe;
    }

    boolean isOverrun() {
        return overrun;
    }

    /** @param solicited whether the sender asked for an event, or it is an error */
    void add(Completion completion, boolean solicited) {
        if (entries.size() == cqe) {
            overrun = true;
        } else {
            entries.add(completion);
        }
        if (channel != null && (armed == Armed.ANY || armed == Armed.SOLICITED && solicited)) {
            armed = Armed.NO;
            ((SoftwareCompChannel) channel).addEvent(this);
        }
    }

    void arm(boolean solicitedOnly) {
        armed = solicitedOnly ? Armed.SOLICITED : Armed.ANY;
    }

    int take(IbvWC[] into, int most) {
        int polled = 0;
        while (polled < most && !entries.isEmpty()) {
            Completion completion = entries.remove();
            completion.writeTo(into[polled++]);
            if (completion.sendNumber() >= 0) {
                completion.qp().reclaim(completion.sendNumber());
            }
        }
        return polled;
    }

    void forget(SoftwareQp qp) {
        entries.removeIf(completion -> completion.qp() == qp);
    }
}
