package org.isthmus.tcpx.zerocopy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the kernel, over loopback, where it copies and says so. */
@Timeout(60)
class ZeroCopySocketTest {
    private static final int BYTES = 1 << 20;

    private SocketChannel out;
    private SocketChannel in;

    private void connect(String address) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
            out = SocketChannel.open(listener.getLocalAddress());
            in = listener.accept();
            out.configureBlocking(false);
        }
    }

    @AfterEach
    void close() throws IOException {
        if (out != null) {
            out.close();
            in.close();
        }
    }

    @Test
    void thisKernelCan() {
        assertNull(ZeroCopySocket.obstacle());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1"})
    void bytesArriveAndACopyIsNoticed(String address) throws Exception {
        connect(address);
        ZeroCopySocket socket = ZeroCopySocket.of(out);
        assertTrue(socket.isOn());
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(BYTES);
            for (int i = 0; i < BYTES; i += Long.BYTES) {
                memory.set(ValueLayout.JAVA_LONG, i, i * 31L);
            }
            ByteBuffer got = ByteBuffer.allocateDirect(16 + BYTES);
            ByteBuffer head = ByteBuffer.allocateDirect(16).putLong(5).putLong(6).flip();
            long sent = 0;
            while (got.hasRemaining()) {
                if (head.hasRemaining()) {
                    socket.sendHead(head);
                } else if (sent < BYTES) {
                    sent += Math.max(0, socket.send(memory.address() + sent, BYTES - sent));
                }
                socket.poll();
                in.configureBlocking(false);
                in.read(got);
            }
            assertEquals(5, got.getLong(0));
            assertEquals(-1, MemorySegment.ofBuffer(got.position(16)).mismatch(memory));
            while (socket.completed() < socket.sends()) {
                socket.poll();
            }
        }
        assertTrue(socket.sends() > 0);
        assertEquals(socket.sends(), socket.copied());
        assertFalse(socket.isOn());
    }

    @Test
    void aLostPeerIsAnError() throws Exception {
        connect("127.0.0.1");
        ZeroCopySocket socket = ZeroCopySocket.of(out);
        in.close();
        MemorySegment memory = Arena.ofAuto().allocate(BYTES);
        assertThrows(IOException.class, () -> {
            while (!Thread.interrupted()) {
                socket.send(memory.address(), BYTES);
            }
        });
    }
}
