package org.isthmus.node.connect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.isthmus.node.bootstrap.exchange.JobSecret;
import org.isthmus.node.bootstrap.exchange.Rendezvous;
import org.isthmus.node.wire.Greeting;
import org.isthmus.node.wire.HelloException;
import org.isthmus.node.wire.HelloExchange;
import org.isthmus.node.wire.HelloService;

/**
 * Where a process listens for processes of other jobs, and how it calls them: TCP, each connection with a hello in
 * which both sides prove that they know the listening process's secret.
 */
final class ConnectionListener implements AutoCloseable {
    static final int MEET = 1;
    static final int RECORDS = 2;
    private static final long HELLO_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int CONNECT_MILLIS = 5000;
    private static final int ATTEMPTS = 20;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
    private static final int BACKLOG = 1024;

    /** Takes connections that have proved themselves; each on a thread of its own. */
    interface Visitor {
        void onMeeting(int port, SocketChannel channel) throws IOException;

        void onRecords(SocketChannel channel) throws IOException;
    }

    private final HelloService hellos = new HelloService(HELLO_NANOS);
    private final ServerSocketChannel server;
    private final ProcessCard card;

    /** @param isOpen which ports are open */
    ConnectionListener(String job, int rank, IntPredicate isOpen, Visitor visitor) throws IOException {
        server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(0), BACKLOG);
        int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        Set<InetAddress> known = new LinkedHashSet<>();
        known.add(InetAddress.getLoopbackAddress());
        known.addAll(Rendezvous.localAddresses());
        List<InetSocketAddress> addresses = new ArrayList<>();
        known.forEach(address -> addresses.add(new InetSocketAddress(address, port)));
        card = new ProcessCard(job, rank, List.copyOf(addresses), JobSecret.random().hex());
        Thread.ofVirtual().name("isthmus-listener").start(() -> listen(isOpen, visitor));
    }

    ProcessCard card() {
        return card;
    }

    private void listen(IntPredicate isOpen, Visitor visitor) {
        while (true) {
            try {
                SocketChannel channel = server.accept();
                hellos.serve(channel, () -> {
                    receive(channel, isOpen, visitor);
                    return null;
                });
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                System.getLogger(ConnectionListener.class.getName()).log(System.Logger.Level.WARNING,
                        "a connection could not be accepted", e);
            }
        }
    }

    private void receive(SocketChannel channel, IntPredicate isOpen, Visitor visitor) throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        String peer = channel.getRemoteAddress().toString();
        Greeting greeting = hellos.withDeadline(channel, peer,
                () -> new HelloExchange(channel, card.identification(), peer).accept(0, 0, 0,
                        said -> said.purpose() == RECORDS || said.purpose() == MEET && isOpen.test(said.slot())));
        // The place of this hello is given back only when its task ends, so what follows is another thread's.
        Thread.ofVirtual().name("isthmus-visitor").start(() -> {
            try {
                if (greeting.purpose() == MEET) {
                    visitor.onMeeting(greeting.slot(), channel);
                } else {
                    visitor.onRecords(channel);
                }
            } catch (IOException e) {
                System.getLogger(ConnectionListener.class.getName()).log(System.Logger.Level.DEBUG,
                        "a visitor from " + peer + " was lost", e);
            }
        });
    }

    /**
     * Connects to the process of {@code to}, for records or a meeting at one of its ports. Tries again while that
     * process is too busy to answer.
     *
     * @throws HelloException if it answers and refuses; {@link IOException} if it cannot be reached
     */
    SocketChannel call(ProcessCard to, int purpose, int port) throws IOException {
        for (int attempt = 1;; attempt++) {
            try {
                return callOnce(to, purpose, port);
            } catch (IOException e) {
                if (attempt == ATTEMPTS || !isTooBusy(e)) {
                    throw e;
                }
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(RETRY_NANOS));
            }
        }
    }

    /** Whether one of the addresses took the connection and then gave no answer. */
    private static boolean isTooBusy(IOException failure) {
        return isTransient(failure) || Stream.of(failure.getSuppressed()).anyMatch(ConnectionListener::isTransient);
    }

    private static boolean isTransient(Throwable failure) {
        return failure instanceof HelloException e && e.reason().isTransient()
                && e.reason() != HelloException.Cause.NOT_ADMITTED;
    }

    private SocketChannel callOnce(ProcessCard to, int purpose, int port) throws IOException {
        IOException failure = new IOException("none of its addresses answers");
        for (InetSocketAddress address : to.addresses()) {
            SocketChannel channel = SocketChannel.open();
            try {
                channel.socket().connect(address, CONNECT_MILLIS);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                hellos.withDeadline(channel, address.toString(), () -> new HelloExchange(channel, to.identification(),
                        address.toString()).dial(new Greeting(0, 0, 0, purpose, port, 0)));
                return channel;
            } catch (IOException e) {
                channel.close();
                if (e instanceof HelloException refusal && refusal.reason() == HelloException.Cause.NOT_ADMITTED) {
                    throw e;
                }
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }

    @Override
    public void close() throws IOException {
        server.close();
        hellos.close();
    }
}
