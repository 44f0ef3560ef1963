package org.isthmus.rdma.backend;

import com.ibm.disni.verbs.IbvWC;
import java.io.IOException;
import org.isthmus.node.spi.ChannelFailure;

/**
 * Hands the completions of an endpoint's queue to the links and channels that they are of. The owner's thread uses it.
 */
final class Completions {
    private static final int OP_RECV = 128;
    private static final int LOC_PROT_ERR = 4;
    private static final int REM_INV_REQ_ERR = 9;
    private static final int REM_ACCESS_ERR = 10;

    private final Device device;
    private final LinkTable table;
    private final Greeter greeter;
    private final Runnable takeNews;

    /** @param takeNews adds links to the table that were made meanwhile */
    Completions(Device device, LinkTable table, Greeter greeter, Runnable takeNews) {
        this.device = device;
        this.table = table;
        this.greeter = greeter;
        this.takeNews = takeNews;
    }

    /** Takes the completions that there are, up to a number; how many. */
    int poll() throws IOException {
        int polled = device.poll();
        for (int i = 0; i < polled; i++) {
            take(device.completion(i));
        }
        return polled;
    }

    private void take(IbvWC completion) {
        Link link = table.get(completion.getQp_num());
        if (link == null) {
            takeNews.run();
            link = table.get(completion.getQp_num());
        }
        long wrId = completion.getWr_id();
        boolean receive = Device.isReceive(wrId);
        if (completion.getStatus() != 0) {
            if (link != null) {
                failed(link, receive, completion);
            }
        } else if (!receive && link != null) {
            link.complete(wrId);
        } else if (link != null) {
            boolean keep = receive(link, completion, Device.buffer(wrId));
            if (keep) {
                return;
            }
        }
        if (receive) {
            device.repost(Device.buffer(wrId));
        }
    }

    private static void failed(Link link, boolean receive, IbvWC completion) {
        int status = completion.getStatus();
        String description = (receive ? "a receive" : "a send") + " ended with status " + status + ", vendor error "
                + completion.getVendor_err();
        link.breakWith(description);
        if (link.channel != null && (status == LOC_PROT_ERR || status == REM_INV_REQ_ERR || status == REM_ACCESS_ERR)) {
            // another queue pair would fail in the same way
            link.channel.fail(ChannelFailure.Cause.BAD_FRAME, description
                    + ": memory is not registered any more, or the place is none", false);
        }
    }

    /** True if the buffer is still needed. */
    private boolean receive(Link link, IbvWC completion, int buffer) {
        if (completion.getOpcode() != OP_RECV) {
            if (link.channel != null) {
                link.channel.onArrived(link, completion.getImm_data(), completion.getByte_len());
            }
            return false;
        }
        int at = buffer * RdmaDescriptor.BUFFER_BYTES;
        int length = completion.getByte_len();
        if (link.takesGreeting()) {
            greeter.receive(link, device.poolView().slice(at, length));
        } else if (link.channel != null) {
            link.channel.onMessage(link, device.poolMemory(), device.poolView(), at, length);
        } else if (link.state != Link.State.SHUT) {
            link.early.add(new Link.Early(buffer, length));
            return true;
        }
        return false;
    }
}
