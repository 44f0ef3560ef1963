package org.isthmus.tcpx;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.wire.Greeting;
import org.isthmus.node.wire.HelloException;
import org.isthmus.node.wire.HelloExchange;
import org.isthmus.node.wire.HelloService;
import org.isthmus.node.wire.SessionKeys;

/**
 * Makes connections, in virtual threads: listens on the chosen addresses alone, dials, and has every socket say its
 * hello before the owner's thread sees it. The network card of a slot is the slot's number modulo the cards; the next
 * one is tried when it does not answer.
 */
final class Connector implements AutoCloseable {
    /** Tells the owner's thread how it went. */
    interface Outcome {
        /** @param keys null: the bytes of this connection travel as they are */
        void onConnected(int peer, long channelId, int slot, SocketChannel socket, SessionKeys keys);

        /** @param forGood nothing listens there any more, or the peer will never have us */
        void onUnreachable(int peer, long channelId, ChannelFailure.Cause cause, String description, boolean forGood);

        void onSuperseded(int peer, long oldChannelId);
    }

    private static final int PURPOSE_PLAIN = 0;
    private static final int PURPOSE_SEALED = 1;
    private static final long FIRST_PAUSE_MILLIS = 5;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final EndpointContext context;
    private final TcpxOptions options;
    private final Roster roster;
    private final Outcome outcome;
    private final HelloService hellos;
    private final List<ServerSocketChannel> listeners = new ArrayList<>();
    private volatile boolean closed;

    Connector(EndpointContext context, TcpxOptions options, Roster roster, Outcome outcome) {
        this.context = context;
        this.options = options;
        this.roster = roster;
        this.outcome = outcome;
        this.hellos = new HelloService(options.helloNanos());
    }

    /** Begins to listen; the addresses with their ports. */
    List<InetSocketAddress> listen() throws IOException {
        List<InetSocketAddress> addresses = new ArrayList<>();
        try {
            for (InetAddress address : options.addresses()) {
                ServerSocketChannel listener = ServerSocketChannel.open();
                listeners.add(listener);
                addresses.add(bind(listener, address));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        for (ServerSocketChannel listener : listeners) {
            Thread.ofVirtual().name("isthmus-accept").start(() -> acceptLoop(listener));
        }
        return addresses;
    }

    HelloService hellos() {
        return hellos;
    }

    private static InetSocketAddress bind(ServerSocketChannel listener, InetAddress address) throws IOException {
        try {
            listener.bind(new InetSocketAddress(address, 0));
            return (InetSocketAddress) listener.getLocalAddress();
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address.getHostAddress() + ": " + e.getMessage()
                    + "; set isthmus.tcpx.addresses to addresses of this node", e);
        }
    }

    private void acceptLoop(ServerSocketChannel listener) {
        while (!closed) {
            try {
                SocketChannel socket = listener.accept();
                String name = socket.getRemoteAddress().toString();
                hellos.serve(socket, () -> {
                    HelloExchange hello = new HelloExchange(socket, context.job(), name).forPurpose(purpose());
                    Greeting greeting = hellos.withDeadline(socket, name,
                            () -> hello.accept(context.node(), context.shard(), 0, this::admits));
                    if (closed) {
                        socket.close();
                    } else {
                        outcome.onConnected(greeting.node(), greeting.incarnation(),
                                greeting.slot(), socket, keys(hello));
                    }
                    return greeting;
                });
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // a connection that was gone before it was accepted, or no file descriptor left for now
                pause(FIRST_PAUSE_MILLIS);
            }
        }
    }

    private int purpose() {
        return options.encrypt() ? PURPOSE_SEALED : PURPOSE_PLAIN;
    }

    private SessionKeys keys(HelloExchange hello) {
        return options.encrypt() ? hello.keys() : null;
    }

    private boolean admits(Greeting greeting) {
        int peer = greeting.node();
        if (peer < 0 || peer >= context.nodes() || peer == context.node() || greeting.slot() < 0
                || greeting.slot() >= TcpxEndpoint.MAX_LINKS || greeting.incarnation() == 0) {
            return false;
        }
        long old = roster.id(peer);
        Roster.Admission admission = roster.admit(peer, greeting.incarnation());
        if (admission == Roster.Admission.SUPERSEDES) {
            outcome.onSuperseded(peer, old);
        }
        return admission == Roster.Admission.ADMITTED;
    }

    /** Dials until there is a socket or the channel no longer wants one. */
    void dial(int peer, long channelId, int slot, List<InetSocketAddress> remotes) {
        Thread.ofVirtual().name("isthmus-dial").start(() -> {
            long pause = FIRST_PAUSE_MILLIS;
            while (!closed && roster.weDial(peer, channelId)) {
                if (dialAllWays(peer, channelId, slot, remotes)) {
                    return;
                }
                pause(pause);
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            }
        });
    }

    /** True if there is nothing more to do. */
    private boolean dialAllWays(int peer, long channelId, int slot, List<InetSocketAddress> remotes) {
        List<InetAddress> locals = options.addresses();
        boolean nobodyListens = true;
        String last = "";
        for (int way = 0; way < Math.max(locals.size(), remotes.size()); way++) {
            InetAddress local = locals.get((slot + way) % locals.size());
            InetSocketAddress remote = remotes.get((slot + way) % remotes.size());
            try {
                dialOnce(local, remote,
                        new Greeting(context.node(), peer, context.shard(), purpose(), slot, channelId));
                return true;
            } catch (HelloException e) {
                if (!e.reason().isTransient()) {
                    outcome.onUnreachable(peer, channelId, ChannelFailure.Cause.REFUSED, e.getMessage(), true);
                    return true;
                }
                nobodyListens = false;
                last = e.reason() != HelloException.Cause.NOT_ADMITTED ? e.getMessage()
                        : "from " + local.getHostAddress() + " is wanted by the peer at " + remote
                                + ": it makes its own, and none has arrived here; is a firewall before this node?";
            } catch (IOException e) {
                nobodyListens &= e instanceof ConnectException;
                last = "from " + local.getHostAddress() + " to " + remote + ": " + e.getMessage();
            }
        }
        outcome.onUnreachable(peer, channelId, ChannelFailure.Cause.UNREACHABLE,
                "no connection " + last, nobodyListens);
        return false;
    }

    private void dialOnce(InetAddress local, InetSocketAddress remote, Greeting greeting) throws IOException {
        SocketChannel socket = SocketChannel.open();
        try {
            socket.bind(new InetSocketAddress(local, 0));
            socket.socket().connect(remote, (int) Math.max(1, options.helloNanos() / 1_000_000));
            String name = remote.toString();
            HelloExchange hello = new HelloExchange(socket, context.job(), name);
            hellos.withDeadline(socket, name, () -> hello.dial(greeting));
            outcome.onConnected(greeting.peer(), greeting.incarnation(), greeting.slot(), socket, keys(hello));
        } catch (AsynchronousCloseException e) {
            throw new IOException("closed while connecting", e);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** A socket as the owner's thread needs it. */
    static void prepare(SocketChannel socket) throws IOException {
        socket.configureBlocking(false);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        for (ServerSocketChannel listener : listeners) {
            try {
                listener.close();
            } catch (IOException e) {
                System.getLogger(Connector.class.getName()).log(System.Logger.Level.WARNING, "closing a listener", e);
            }
        }
        hellos.close();
    }
}
