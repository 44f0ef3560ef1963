package org.isthmus.tcpx;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.isthmus.node.config.Settings;
import org.isthmus.tcpx.plugin.NetPlugin;
import org.isthmus.tcpx.zerocopy.ZeroCopySocket;

/**
 * The settings of tcpx, checked together.
 *
 * @param addresses one for each network card of this node; at least one
 * @param zeroCopy whether the kernel is asked to send large chunks from where they lie, and knows how
 * @param plugin file of the NCCL plugin that carries large transfers; empty: the sockets do
 * @param leastLoaded whether a chunk goes to the socket with the fewest bytes waiting, else round-robin
 */
record TcpxOptions(List<InetAddress> addresses, int socketsPerNic, int chunkBytes, boolean leastLoaded, int sendWindow,
        int receiveWindow, boolean bounce, boolean encrypt, boolean zeroCopy,
        String plugin, long connectNanos, long helloNanos, long silenceNanos, long closeNanos) {
    /** Most network cards that are used. */
    static final int MAX_NICS = 16;

    TcpxOptions {
        if (receiveWindow < sendWindow) {
            throw new IllegalArgumentException(Settings.TCPX_RECEIVE_WINDOW.key() + " = " + receiveWindow
                    + " is below " + Settings.TCPX_SEND_WINDOW.key() + " = " + sendWindow
                    + ": senders would overrun the receiver's slots; raise the one or lower the other");
        }
        if (encrypt && !plugin.isEmpty()) {
            throw new IllegalArgumentException(Settings.TCPX_ENCRYPT.key() + " = true with "
                    + Settings.TCPX_ENGINE.key()
                    + " = plugin: a plugin sends bytes as they are; set one of them otherwise");
        }
    }

    static TcpxOptions of(Settings settings) throws IOException {
        return new TcpxOptions(addresses(settings.get(Settings.TCPX_ADDRESSES)), settings.get(Settings.TCPX_SOCKETS),
                settings.get(Settings.TCPX_CHUNK).intValue(),
                settings.get(Settings.TCPX_SCHEDULE).equals("least-loaded"), settings.get(Settings.TCPX_SEND_WINDOW),
                settings.get(Settings.TCPX_RECEIVE_WINDOW), settings.get(Settings.TCPX_BOUNCE),
                settings.get(Settings.TCPX_ENCRYPT), settings.get(Settings.TCPX_ZEROCOPY)
                        && !settings.get(Settings.TCPX_ENCRYPT) && ZeroCopySocket.obstacle() == null, plugin(settings),
                settings.get(Settings.TCPX_CONNECT_TIMEOUT).toNanos(),
                settings.get(Settings.TCPX_HELLO_TIMEOUT).toNanos(),
                settings.get(Settings.TCPX_SILENCE_TIMEOUT).toNanos(),
                settings.get(Settings.TCPX_CLOSE_TIMEOUT).toNanos());
    }

    private static String plugin(Settings settings) {
        return settings.get(Settings.TCPX_ENGINE).equals("plugin")
                ? NetPlugin.file(settings.get(Settings.TCPX_PLUGIN), System.getenv("NCCL_NET_PLUGIN")) : "";
    }

    private static List<InetAddress> addresses(String text) throws IOException {
        List<InetAddress> addresses = new ArrayList<>();
        if (text.equals("auto")) {
            addresses.addAll(ofNetworkCards());
        } else {
            for (String address : text.split(",")) {
                addresses.add(InetAddress.getByName(address));
            }
        }
        if (addresses.size() > MAX_NICS) {
            return List.copyOf(addresses.subList(0, MAX_NICS));
        }
        return List.copyOf(addresses);
    }

    /** One IPv4 address, else one of IPv6, of each card that is up; the loopback if there is no card. */
    private static List<InetAddress> ofNetworkCards() throws IOException {
        List<InetAddress> addresses = new ArrayList<>();
        for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (card.isUp() && !card.isLoopback() && !card.isPointToPoint()) {
                List<InetAddress> all = Collections.list(card.getInetAddresses());
                all.stream().filter(address -> address instanceof Inet4Address).findFirst()
                        .or(() -> all.stream().filter(address -> !address.isLinkLocalAddress()).findFirst())
                        .ifPresent(addresses::add);
            }
        }
        return addresses.isEmpty() ? List.of(InetAddress.getLoopbackAddress()) : addresses;
    }
}
