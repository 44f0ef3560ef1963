package org.isthmus.node.connect;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** The open ports of this process, and who waits at each. Any thread may call. */
final class Ports {
    private final Map<Integer, Queue<SocketChannel>> open = new HashMap<>();
    private final Runnable onArrival;
    private int next;

    /** @param onArrival told that somebody has come to a port */
    Ports(Runnable onArrival) {
        this.onArrival = onArrival;
    }

    synchronized int open() {
        open.put(next, new ArrayDeque<>());
        return next++;
    }

    synchronized boolean isOpen(int port) {
        return open.containsKey(port);
    }

    /** Somebody has come; is sent away if the port was closed meanwhile. */
    void arrive(int port, SocketChannel channel) throws IOException {
        synchronized (this) {
            Queue<SocketChannel> waiting = open.get(port);
            if (waiting != null) {
                waiting.add(channel);
                onArrival.run();
                return;
            }
        }
        channel.close();
    }

    /** Who has waited longest at an open port; null if nobody waits. */
    synchronized Meeting next(int port) {
        SocketChannel channel = open.get(port).poll();
        return channel == null ? null : new Meeting(channel, true);
    }

    /** Whether somebody waits at an open port. */
    synchronized boolean isAwaited(int port) {
        return !open.get(port).isEmpty();
    }

    /** Closes an open port; who waits there is sent away. */
    void close(int port) {
        Queue<SocketChannel> waiting;
        synchronized (this) {
            waiting = open.remove(port);
        }
        for (SocketChannel channel : waiting) {
            try {
                channel.close();
            } catch (IOException e) {
                System.getLogger(Ports.class.getName()).log(System.Logger.Level.DEBUG, "closing a port", e);
            }
        }
    }

    void closeAll() {
        List<Integer> all;
        synchronized (this) {
            all = List.copyOf(open.keySet());
        }
        all.forEach(this::close);
    }
}
