package org.isthmus.node.bootstrap.exchange;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** A PMI server that is reached by TCP: what {@code PMI_PORT=host:port} names. */
final class PmiSocket implements PmiStream {
    private final Socket socket = new Socket();

    /**
     * @param port "host:port"
     */
    PmiSocket(String port, Deadline deadline) {
        int colon = port.lastIndexOf(':');
        try {
            int number = Integer.parseInt(port.substring(colon + 1));
            socket.connect(new InetSocketAddress(port.substring(0, Math.max(0, colon)), number),
                    Math.max(1, deadline.millisLeft()));
            socket.setTcpNoDelay(true);
        } catch (IllegalArgumentException e) {
            throw new ExchangeException("PMI_PORT=\"" + port + "\" is not HOST:PORT with a port from 0 to 65535; the "
                    + "launcher sets this variable: do not change it", e);
        } catch (IOException e) {
            close();
            throw new ExchangeException("the launcher's PMI server at PMI_PORT=" + port + " cannot be reached: "
                    + ExchangeException.reason(e), e);
        }
    }

    @Override
    public int read(byte[] target, Deadline deadline) throws IOException {
        if (deadline.passed()) {
            throw new SocketTimeoutException("no answer in time");
        }
        socket.setSoTimeout(deadline.millisLeft());
        return socket.getInputStream().read(target);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing of it is used any more
        }
    }
}
