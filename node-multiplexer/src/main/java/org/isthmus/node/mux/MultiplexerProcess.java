package org.isthmus.node.mux;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.isthmus.node.bootstrap.CacheOptions;
import org.isthmus.node.endpoint.NodeRanks;
import org.isthmus.node.spi.EndpointAddress;

/**
 * The multiplexer of this node, a child process of its first rank. Any thread may call; {@link #fail} and
 * {@link #stop} end it.
 */
public final class MultiplexerProcess {
    private static final long STOP_SECONDS = 10;
    private static final int PROCESSORS_TO_OPTIMIZE = 8;

    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;
    private volatile boolean ending;

    private MultiplexerProcess(Process process) {
        this.process = process;
        this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        this.in = new DataInputStream(process.getInputStream());
    }

    /**
     * Starts the process, with this JVM's class path and settings.
     *
     * @param segment path at which the node segment's file can be opened by a process of this user
     * @param ranks those of this node, with the number of shards
     */
    public static MultiplexerProcess start(String segment, String jobId, byte[] secret, int node, int nodes,
            NodeRanks ranks, boolean oversubscribed) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xms32m",
                "-cp", System.getProperty("java.class.path")));
        command.addAll(CacheOptions.like(ProcessHandle.current().info().arguments().orElse(new String[0])));
        command.addAll(compilerOptions(Runtime.getRuntime().availableProcessors()));
        for (String name : System.getProperties().stringPropertyNames()) {
            if (name.startsWith("isthmus.")) {
                command.add("-D" + name + "=" + System.getProperty(name));
            }
        }
        command.add(MultiplexerMain.class.getName());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet()
                .removeIf(name -> name.equals("JDK_JAVA_OPTIONS") || name.equals("JAVA_TOOL_OPTIONS"));
        MultiplexerProcess multiplexer = new MultiplexerProcess(builder.start());
        new MultiplexerOrders.Start(segment, jobId, secret, node, nodes, ranks.jobSize(), ranks.ranks(), ranks.shards(),
                oversubscribed).write(multiplexer.out);
        return multiplexer;
    }

    /** Where its shards are reached; waits until they listen. */
    public EndpointAddress[] addresses() throws IOException {
        try {
            return MultiplexerOrders.readAddresses(in);
        } catch (EOFException e) {
            throw new IOException("its process " + process.pid() + " ended at its start; what it printed says why", e);
        }
    }

    /**
     * Where processors are few, the threads of the optimizing compiler take them from the data path for many seconds:
     * longer than what they make of it gains. There the first compiler's code has to do.
     */
    static List<String> compilerOptions(int processors) {
        return processors < PROCESSORS_TO_OPTIMIZE ? List.of("-XX:TieredStopAtLevel=1") : List.of();
    }

    /** After {@link #addresses}: by shard, the path of the pipe by which ranks wake it; empty for none. */
    public String[] bells(int shards) throws IOException {
        String[] bells = new String[shards];
        for (int shard = 0; shard < shards; shard++) {
            bells[shard] = in.readUTF();
        }
        return bells;
    }

    /**
     * Lets it begin; waits until it has.
     *
     * @param onFailure told, on a thread of this class's, what another node said or that the process ended
     */
    public void begin(int[] nodeOfRank, EndpointAddress[][] addresses, Consumer<JobFailure> onFailure)
            throws IOException {
        MultiplexerOrders.writeDirectory(out, nodeOfRank, addresses);
        if (in.readByte() != MultiplexerOrders.READY) {
            throw new IOException("the multiplexer of this node answered out of turn");
        }
        Thread.ofPlatform().daemon().name("isthmus-multiplexer").stackSize(256 << 10).start(() -> listen(onFailure));
    }

    private void listen(Consumer<JobFailure> onFailure) {
        try {
            while (true) {
                in.readByte();
                onFailure.accept(MultiplexerOrders.readFailure(in));
            }
        } catch (IOException e) {
            if (!ending) {
                onFailure.accept(new JobFailure(-1, 1,
                        "the multiplexer of this node (pid " + process.pid() + ") ended"));
            }
        }
    }

    /** Tells the other nodes that the job has failed. */
    public synchronized void fail(JobFailure failure) {
        if (ending) {
            return;
        }
        ending = true;
        try {
            MultiplexerOrders.writeFailure(out, failure);
        } catch (IOException e) {
            process.destroyForcibly(); // it is gone or deaf: its connections break, which tells the other nodes too
        }
    }

    /** Ends it once everything that this node's ranks sent is out. */
    public synchronized void stop() {
        if (ending) {
            return;
        }
        ending = true;
        try {
            out.writeByte(MultiplexerOrders.STOP);
            out.flush();
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
