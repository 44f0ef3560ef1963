package org.isthmus.rdma.backend;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.wire.Greeting;

/**
 * The channels of an endpoint, at most one with each node: which connections become theirs, and which of them have a
 * queue pair when not all may. The owner's thread uses it, {@link #admits} any.
 */
final class Peers {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final RdmaEndpoint endpoint;
    private final EndpointContext context;
    private final RdmaOptions options;
    private final Device device;
    private final Greeter greeter;
    private final Admissions admissions;
    private final List<RdmaChannel> channels = new ArrayList<>();
    private final List<RdmaChannel> ended = new ArrayList<>();
    private final RdmaChannel[] byNode;
    private boolean removed;

    Peers(RdmaEndpoint endpoint, EndpointContext context, RdmaOptions options, Device device, Greeter greeter) {
        this.endpoint = endpoint;
        this.context = context;
        this.options = options;
        this.device = device;
        this.greeter = greeter;
        this.admissions = new Admissions(context.node());
        this.byNode = new RdmaChannel[context.nodes()];
    }

    Admissions admissions() {
        return admissions;
    }

    /** The channel with that node; null if there is none. */
    RdmaChannel get(int node) {
        return byNode[node];
    }

    /** The channel with that node, begun if there is none. */
    RdmaChannel connect(int node, InetSocketAddress remote) {
        RdmaChannel existing = byNode[node];
        if (existing != null) {
            existing.setRemote(remote);
            return existing;
        }
        return begin(node, admissions.begin(node, RANDOM.nextLong() | 1), remote);
    }

    /** Those that have not ended. */
    List<RdmaChannel> open() {
        return channels;
    }

    private RdmaChannel begin(int node, long id, InetSocketAddress remote) {
        RdmaChannel channel = new RdmaChannel(endpoint, options, node, id, remote, endpoint.now());
        byNode[node] = channel;
        channels.add(channel);
        if (removed) {
            failRemoved(channel);
        }
        return channel;
    }

    private static void failRemoved(RdmaChannel channel) {
        channel.fail(ChannelFailure.Cause.PEER_LOST, "cannot be reached: this node's RDMA device was removed", false);
    }

    /** Nothing of this node's device works any more. */
    void onDeviceRemoved() {
        removed = true;
        channels.forEach(Peers::failRemoved);
    }

    /** Whether a proven hello becomes a link; any thread. */
    boolean admits(Link link, Greeting said) {
        int peer = said.node();
        if (peer < 0 || peer >= context.nodes() || peer == context.node() || said.incarnation() == 0) {
            return false;
        }
        long old = admissions.id(peer);
        Admissions.Admission admission = admissions.admit(peer, said.incarnation(), link.openedAt);
        if (admission == Admissions.Admission.SUPERSEDES) {
            endpoint.later(() -> {
                if (byNode[peer] != null && admissions.isOf(peer, old)) {
                    byNode[peer].fail(ChannelFailure.Cause.PEER_LOST, "has begun a new channel", false);
                }
            });
        }
        return admission == Admissions.Admission.ADMITTED;
    }

    /** Whether the hello of a link that this node dialled may be sent. */
    boolean isWanted(Link link) {
        return admissions.isCurrent(link.peer, link.channelId);
    }

    /** A link that was dialled for a channel, or came in, is of no use. */
    void undialled(Link link, ChannelFailure.Cause cause, String description, boolean forGood) {
        RdmaChannel channel = link.peer < 0 ? null : byNode[link.peer];
        if (channel != null) {
            channel.onUnreachable(link, cause, description, forGood);
        } else {
            endpoint.retire(link);
        }
    }

    /** A link whose hello is done becomes its channel's. */
    void adopt(Link link, int peer, long channelId) {
        greeter.finish(link);
        if (link.state == Link.State.SHUT || link.broken() != null || !admissions.isOf(peer, channelId)) {
            undialled(link, ChannelFailure.Cause.UNREACHABLE, "the queue pair failed after the hello: " + link.broken(),
                    false);
            return;
        }
        RdmaChannel channel = byNode[peer];
        if (channel == null) {
            channel = begin(peer, admissions.id(peer), null);
        } else {
            channel.setId(admissions.id(peer));
        }
        admissions.connected(peer);
        channel.adopt(link);
        makeRoom(channel);
        for (Link.Early early = link.early.poll(); early != null; early = link.early.poll()) {
            channel.onMessage(link, device.poolMemory(), device.poolView(),
                    early.buffer() * RdmaDescriptor.BUFFER_BYTES, early.length());
            device.repost(early.buffer());
        }
    }

    /** Has the channel that was unused for longest sleep, if too many are connected. */
    void makeRoom(RdmaChannel exceptFor) {
        int active = 0;
        RdmaChannel oldest = null;
        for (RdmaChannel channel : channels) {
            active += channel.link() == null ? 0 : 1;
            if (channel != exceptFor && channel.maySleep()
                    && (oldest == null || channel.link().lastUse - oldest.link().lastUse < 0)) {
                oldest = channel;
            }
        }
        if (active > options.maxActive() && oldest != null) {
            oldest.sleep();
        }
    }

    /** Moves all channels on; how much was done. */
    int progress(int limit, long now, boolean drained) {
        int done = 0;
        for (int i = 0; i < channels.size(); i++) {
            done += channels.get(i).progress(limit, now, drained);
        }
        for (int i = channels.size() - 1; i >= 0; i--) {
            if (channels.get(i).isClosed()) {
                RdmaChannel closed = channels.remove(i);
                byNode[closed.peer()] = null;
                admissions.end(closed.peer(), closed.id());
                ended.add(closed);
            }
        }
        return done;
    }

    /** Whether some channel has something to do though nothing arrives. */
    boolean isPending() {
        for (int i = 0; i < channels.size(); i++) {
            if (channels.get(i).isPending()) {
                return true;
            }
        }
        return false;
    }

    /** Ends all without a word. */
    void cut() {
        for (RdmaChannel channel : channels) {
            admissions.end(channel.peer(), channel.id());
            channel.cut();
            ended.add(channel);
        }
        channels.clear();
    }

    /** Frees the channels that have ended, after their last queue pair. */
    void free() {
        ended.forEach(RdmaChannel::free);
        ended.clear();
    }
}
