package org.isthmus.rdma.backend;

import org.isthmus.node.config.Settings;

/**
 * The settings of the backend.
 *
 * @param provider name of the provider of verbs, or auto
 * @param address of this node's devices, or auto
 * @param receives buffers of the receive pool
 * @param maxActive queue pairs that may be connected at a time
 */
record RdmaOptions(String provider, String address, int receives, int maxActive, int sendWindow, int receiveWindow,
        long connectNanos, long helloNanos, long silenceNanos, long closeNanos) {
    RdmaOptions {
        if (receiveWindow < sendWindow) {
            throw new IllegalArgumentException(Settings.RDMA_RECEIVE_WINDOW.key() + " = " + receiveWindow
                    + " is below " + Settings.RDMA_SEND_WINDOW.key() + " = " + sendWindow
                    + ": senders would overrun the receiver's places; raise the one or lower the other");
        }
    }

    static RdmaOptions of(Settings settings) {
        return new RdmaOptions(settings.get(Settings.RDMA_PROVIDER), settings.get(Settings.RDMA_ADDRESS),
                settings.get(Settings.RDMA_RECEIVES), settings.get(Settings.RDMA_ACTIVE),
                settings.get(Settings.RDMA_SEND_WINDOW), settings.get(Settings.RDMA_RECEIVE_WINDOW),
                settings.get(Settings.RDMA_CONNECT_TIMEOUT).toNanos(),
                settings.get(Settings.RDMA_HELLO_TIMEOUT).toNanos(),
                settings.get(Settings.RDMA_SILENCE_TIMEOUT).toNanos(),
                settings.get(Settings.RDMA_CLOSE_TIMEOUT).toNanos());
    }
}
