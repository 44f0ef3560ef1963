package org.isthmus.launch;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.isthmus.node.bootstrap.ProcessTree;
import org.isthmus.node.bootstrap.RankPlace;

/**
 * Main class of the process that {@code isthmus run --hosts} starts on each host: starts the host's ranks, passes their
 * streams on, and ends them when it is told to, when the launcher's stream ends or when it is signalled.
 */
public final class HostAgent {
    private static final long LAST_OUTPUT_MILLIS = 1000;

    private final DataInputStream input = new DataInputStream(System.in);
    private final DataOutputStream output = new DataOutputStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
    /** Running ranks. Guarded by itself. */
    private final Map<Integer, Process> running = new LinkedHashMap<>();
    private boolean ending;
    private volatile boolean signalling;

    private HostAgent() {}

    public static void main(String[] args) throws Exception {
        HostAgent agent = new HostAgent();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> agent.endRanks(0)));
        agent.run();
        System.exit(0);
    }

    private void run() throws IOException {
        synchronized (output) {
            output.write(HostJob.BANNER);
            output.writeInt(HostJob.VERSION);
            output.flush();
        }
        try {
            HostJob job = HostJob.read(input);
            for (int localRank = 0; localRank < job.ranks().size(); localRank++) {
                start(job, localRank);
            }
            serve();
        } catch (EOFException e) {
            endRanks(0); // the launcher has gone
        }
    }

    private void start(HostJob job, int localRank) throws IOException {
        int rank = job.ranks().get(localRank);
        JobPrograms.Part program = job.programs().of(rank);
        ProcessBuilder builder = new ProcessBuilder(program.command()).directory(new File(job.directory()));
        RankStarter.completePaths(builder.environment());
        new RankPlace(rank, job.programs().size(), localRank, job.ranks().size()).tell(builder.environment(),
                job.jobKey(), job.programs().indexOf(rank), job.programs().sizes());
        builder.environment().putAll(program.environment());
        if (rank != 0) {
            builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        }
        try {
            synchronized (running) {
                if (ending) {
                    return;
                }
                Process process = builder.start();
                running.put(rank, process);
                List<Thread> streams = List.of(forward(rank, process.getInputStream(), false),
                        forward(rank, process.getErrorStream(), true));
                process.onExit().thenRun(() -> {
                    boolean byItself = !signalling;
                    Thread.ofVirtual().start(() -> exited(rank, process, byItself, streams));
                });
            }
        } catch (IOException e) {
            synchronized (output) {
                output.writeByte(HostJob.CANNOT_START);
                output.writeInt(rank);
                HostJob.writeText(output, String.valueOf(e.getMessage()));
                output.flush();
            }
        }
    }

    private Thread forward(int rank, InputStream source, boolean error) {
        return Thread.ofVirtual().start(() -> {
            byte[] bytes = new byte[HostJob.CHUNK];
            try (source) {
                for (int count = source.read(bytes); count >= 0; count = source.read(bytes)) {
                    synchronized (output) {
                        output.writeByte(HostJob.OUTPUT);
                        output.writeInt(rank);
                        output.writeBoolean(error);
                        output.writeInt(count);
                        output.write(bytes, 0, count);
                        output.flush();
                    }
                }
            } catch (IOException e) {
                // the rank or the launcher has gone, which is seen elsewhere
            }
        });
    }

    private void exited(int rank, Process process, boolean byItself, List<Thread> streams) {
        try {
            for (Thread stream : streams) {
                stream.join(LAST_OUTPUT_MILLIS);
            }
            boolean told = tellExit(rank, process.exitValue(), byItself);
            synchronized (running) {
                running.remove(rank);
                running.notifyAll();
            }
            if (!told) {
                endRanks(0);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when the launcher has gone. */
    private boolean tellExit(int rank, int code, boolean byItself) {
        try {
            synchronized (output) {
                output.writeByte(HostJob.EXITED);
                output.writeInt(rank);
                output.writeInt(code);
                output.writeBoolean(byItself);
                output.flush();
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Follows the launcher's orders until the one to end, or its end. */
    private void serve() throws IOException {
        while (true) {
            byte type = input.readByte();
            if (type == HostJob.INPUT) {
                feed(HostJob.readBytes(input, HostJob.CHUNK));
            } else if (type == HostJob.END) {
                endRanks(input.readLong());
                sayGone();
                return;
            } else {
                throw new IOException("the launcher sent an order of unknown type " + type);
            }
        }
    }

    private void sayGone() {
        try {
            synchronized (output) {
                output.writeByte(HostJob.GONE);
                output.flush();
            }
        } catch (IOException e) {
            // the launcher has gone without waiting for the answer, and the ranks are gone too
        }
    }

    private void feed(byte[] bytes) {
        Process first;
        synchronized (running) {
            first = running.get(0);
        }
        if (first == null) {
            return;
        }
        OutputStream stream = first.getOutputStream();
        try {
            if (bytes.length == 0) {
                stream.close();
            } else {
                stream.write(bytes);
                stream.flush();
            }
        } catch (IOException e) {
            // rank 0 does not read any more
        }
    }

    private void endRanks(long momentMillis) {
        List<Process> processes;
        synchronized (running) {
            ending = true;
            processes = new ArrayList<>(running.values());
        }
        try {
            ProcessTree.end(processes, momentMillis, () -> signalling = true);
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2 * LAST_OUTPUT_MILLIS);
            synchronized (running) {
                while (!running.isEmpty() && System.nanoTime() - deadline < 0) {
                    running.wait(LAST_OUTPUT_MILLIS / 10);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
