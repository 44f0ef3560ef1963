package org.isthmus.dist;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads, as packet(7) describes, what passes a network card of this machine, and looks for some bytes in it: in each
 * packet by itself. Needs root. {@link #end} stops it.
 */
final class PacketCapture {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final short ETH_P_ALL = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int ADDRESS_BYTES = 20;
    private static final int BUFFER_BYTES = 64 << 20;
    private static final int PACKET_BYTES = 128 << 10;

    private static final MethodHandle SOCKET = function("socket", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT);
    private static final MethodHandle BIND =
            function("bind", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle OPTION = function("setsockopt", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle RECEIVE = function("recv", ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
    private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT);

    private final byte[] wanted;
    private final int socket;
    private final Thread thread;
    private volatile boolean ended;
    private Throwable failure;
    private long bytes;
    private long found;

    /** Begins to read. */
    PacketCapture(String card, byte[] wanted) throws IOException {
        this.wanted = wanted;
        this.socket = open(NetworkInterface.getByName(card).getIndex());
        this.thread = Thread.ofPlatform().daemon().name("capture " + card).start(this::readAll);
    }

    private static MethodHandle function(String name, ValueLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    private static int call(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }

    private static int open(int index) throws IOException {
        short protocol = Short.reverseBytes(ETH_P_ALL);
        int socket = call(SOCKET, AF_PACKET, SOCK_RAW, (int) protocol);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, BUFFER_BYTES);
            MemorySegment address = arena.allocate(ADDRESS_BYTES, Integer.BYTES);
            address.asByteBuffer().order(ByteOrder.nativeOrder()).putShort((short) AF_PACKET)
                    .putShort(protocol).putInt(index);
            if (socket < 0 || call(OPTION, socket, SOL_SOCKET, SO_RCVBUFFORCE, size, Integer.BYTES) < 0
                    || call(BIND, socket, address, ADDRESS_BYTES) < 0) {
                throw new IOException("no packet socket for the network card of index " + index);
            }
        }
        return socket;
    }

    private void readAll() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment packet = arena.allocate(PACKET_BYTES);
            while (true) {
                boolean last = ended;
                int length = call(RECEIVE, socket, packet, (long) PACKET_BYTES, MSG_DONTWAIT);
                if (length > 0) {
                    bytes += length;
                    found += contains(packet.asSlice(0, length).asByteBuffer()) ? 1 : 0;
                } else if (last) {
                    return;
                } else {
                    Thread.sleep(1);
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            failure = e;
        }
    }

    private boolean contains(ByteBuffer packet) {
        for (int at = 0; at + wanted.length <= packet.limit(); at++) {
            int same = 0;
            while (same < wanted.length && packet.get(at + same) == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return true;
            }
        }
        return false;
    }

    /** Reads what has come until now, and no more. */
    PacketCapture end() throws InterruptedException {
        ended = true;
        thread.join();
        call(CLOSE, socket);
        if (failure != null) {
            throw new IllegalStateException("the capture ended early", failure);
        }
        return this;
    }

    /** Bytes that have passed. */
    long bytes() {
        return bytes;
    }

    /** Packets in which the wanted bytes were. */
    long found() {
        return found;
    }
}
