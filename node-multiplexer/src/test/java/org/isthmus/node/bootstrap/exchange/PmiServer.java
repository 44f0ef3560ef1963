package org.isthmus.node.bootstrap.exchange;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** What Hydra and Slurm's pmi2 plugin do for a job: a server that speaks PMI-1 and PMI-2, as each caller begins. */
final class PmiServer implements AutoCloseable {
    final int size;
    private final ServerSocket listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Map<String, String> values = new HashMap<>();
    private int arrived;
    private int generation;

    PmiServer(int size) throws IOException {
        this.size = size;
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    sockets.add(socket);
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    String port() {
        return listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort();
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream input = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            OutputStream output = socket.getOutputStream();
            for (String line = readLine(input); line != null; line = readLine(input)) {
                if (line.startsWith("cmd=init pmi_version=2")) {
                    send(output, "cmd=response_to_init pmi_version=2 pmi_subversion=0 rc=0\n");
                    serveVersion2(input, output);
                    return;
                }
                send(output, answer(line));
            }
        } catch (IOException | InterruptedException e) {
            // the caller has gone
        }
    }

    /** Byte by byte: a reader must not take a packet for an answer. */
    private static void send(OutputStream output, String text) throws IOException {
        for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
            output.write(b);
        }
    }

    private static String readLine(DataInputStream input) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = input.read(); c != '\n'; c = input.read()) {
            if (c < 0) {
                return null;
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private String answer(String line) throws InterruptedException {
        Map<String, String> fields = new HashMap<>();
        for (String word : line.split(" ")) {
            fields.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
        }
        return switch (fields.get("cmd")) {
            case "initack" -> "cmd=initack\ncmd=set size=" + size + "\ncmd=set rank=" + fields.get("pmiid")
                    + "\ncmd=set debug=0\n";
            case "init" -> "cmd=response_to_init rc=0 pmi_version=1 pmi_subversion=1\n";
            case "get_maxes" -> "cmd=maxes kvsname_max=256 keylen_max=64 vallen_max=1024\n";
            case "get_my_kvsname" -> "cmd=my_kvsname kvsname=kvs_1\n";
            case "put" -> "cmd=put_result rc=" + (put(fields.get("key"), fields.get("value")) ? 0 : -1) + " msg=done\n";
            case "get" -> {
                String value = get(fields.get("key"));
                yield value == null ? "cmd=get_result rc=1\n" : "cmd=get_result msg=success value=" + value + " rc=0\n";
            }
            case "barrier_in" -> {
                barrier();
                yield "cmd=barrier_out rc=0\n";
            }
            case "finalize" -> "cmd=finalize_ack\n";
            default -> throw new IllegalArgumentException(line);
        };
    }

    private void serveVersion2(DataInputStream input, OutputStream output) throws IOException, InterruptedException {
        while (true) {
            byte[] length = new byte[6];
            input.readFully(length);
            byte[] body = new byte[Integer.parseInt(new String(length).strip())];
            input.readFully(body);
            Map<String, String> fields = new HashMap<>();
            for (String word : new String(body).replace(";;", "\0").split(";")) {
                String text = word.replace('\0', ';');
                fields.put(text.substring(0, text.indexOf('=')), text.substring(text.indexOf('=') + 1));
            }
            String command = fields.get("cmd");
            String rest = switch (command) {
                case "fullinit" -> "rc=0;pmi-version=2;rank=" + fields.get("pmirank") + ";size=" + size
                        + ";appnum=-1;debugged=FALSE;pmijobid=a;;b;";
                case "kvs-put" -> "rc=" + (put(fields.get("key"), fields.get("value")) ? 0 : 1) + ";";
                case "kvs-get" -> {
                    String value = get(fields.get("key"));
                    yield value == null ? "rc=0;found=FALSE;" : "rc=0;found=TRUE;value=" + value + ";";
                }
                case "kvs-fence" -> {
                    barrier();
                    yield "rc=0;";
                }
                case "finalize" -> "rc=0;";
                default -> throw new IllegalArgumentException(command);
            };
            String answer = "cmd=" + command + "-response;" + rest;
            send(output, String.format("%6d", answer.length()) + answer);
        }
    }

    private synchronized boolean put(String key, String value) {
        return key.length() < 64 && value.length() < 1024 && values.putIfAbsent(key, value) == null;
    }

    private synchronized String get(String key) {
        return values.get(key);
    }

    private synchronized void barrier() throws InterruptedException {
        int mine = generation;
        if (++arrived == size) {
            arrived = 0;
            generation++;
            notifyAll();
        }
        while (mine == generation) {
            wait();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
