package org.isthmus.rdma.provider;

import com.ibm.disni.verbs.RdmaEventChannel;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import org.isthmus.rdma.verbs.EventChannelDescriptor;
import org.isthmus.rdma.verbs.StructAccess;

/** Where the connection manager reports events of the ids that were made with it. */
final class EventChannel extends RdmaEventChannel {
    private final long address;
    private final ConcurrentHashMap<Long, CmId> ids = new ConcurrentHashMap<>();
    final Waiting waiting;

    EventChannel(long address) throws IOException {
        this(address, StructAccess.getInt(address, EventChannelDescriptor.FD_OFFSET));
    }

    private EventChannel(long address, int descriptor) throws IOException {
        super(descriptor);
        this.address = address;
        this.waiting = new Waiting(descriptor);
    }

    long address() {
        return address;
    }

    void add(CmId id) {
        ids.put(id.address(), id);
    }

    void remove(CmId id) {
        ids.remove(id.address(), id);
    }

    /** The id at an address; null if it is not of this channel. */
    CmId id(long idAddress) {
        return ids.get(idAddress);
    }

    static EventChannel of(RdmaEventChannel channel) throws IOException {
        return Handles.open(EventChannel.class, channel, channel != null && channel.isOpen());
    }
}
