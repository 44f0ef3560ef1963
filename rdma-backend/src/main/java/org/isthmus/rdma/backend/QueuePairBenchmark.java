package org.isthmus.rdma.backend;

import com.ibm.disni.verbs.IbvWC;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.isthmus.rdma.extension.VerbsExtension;

/**
 * {@code QueuePairBenchmark PROVIDER ADDRESS BYTES MILLIS DESIGN:RANKS:QUEUE_PAIRS...}: what as many queue pairs
 * between two nodes cost, for the same traffic: each rank of one node in turn sends a message of BYTES to a random rank
 * of the other. Both nodes are this process, over one device. For each row a line {@code
 * DESIGN,RANKS,QUEUE_PAIRS,MESSAGES/S, WORK_REQUESTS/S,BYTES_OF_MEMORY,MILLISECONDS_OF_SET_UP}.
 *
 * <pre>
 *  mesh    a queue pair for each pair of ranks, RANKS * RANKS; a work request for each message
 *  shared  QUEUE_PAIRS for all ranks; a work request for each message
 *  frames  the same, and a message of every rank in each work request, copied there as the multiplexer does
 * </pre>
 *
 * Memory is that of the whole machine, taken while the queue pairs were made; with the software provider that of the
 * heap.
 */
public final class QueuePairBenchmark {
    private static final int WINDOW = 256;
    private static final int AT_ONCE = 32;
    private static final int ALIGNMENT = 8;
    /** What a message needs in a frame besides its bytes: header, destination, source. */
    private static final int RECORD_HEAD = 24;
    private static final int NUMBER_MASK = WINDOW - 1;

    private final VerbsExtension extension;
    private final InetAddress address;
    private final int bytes;
    private final long nanos;
    private final boolean heap;
    private long numbersSent;
    private long numbersReceived;
    private long received;

    private QueuePairBenchmark(String provider, String address, int bytes, long nanos) throws IOException {
        this.extension = (VerbsExtension) DeviceChoice.provider(provider);
        this.address = DeviceChoice.address(extension, address, 0);
        this.bytes = bytes;
        this.nanos = nanos;
        this.heap = provider.equals("software");
    }

    /** How messages get to the other node. */
    private record Row(String design, int ranks, int queuePairs) {
        static Row parse(String text) {
            String[] words = text.split(":");
            if (words.length != 3 || !List.of("mesh", "shared", "frames").contains(words[0])) {
                throw new IllegalArgumentException("row \"" + text
                        + "\": mesh, shared or frames, then ranks and queue pairs is needed, such as shared:8:2");
            }
            return new Row(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2]));
        }

        /** Messages in a work request. */
        int batch() {
            return design.equals("frames") ? ranks : 1;
        }

        int queuePair(long number, int source, int destination) {
            return design.equals("mesh") ? source * ranks + destination : (int) (number % queuePairs);
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        int code = 0;
        try {
            run(arguments[0], arguments[1], Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]) * 1_000_000,
                    List.of(arguments).subList(4, arguments.length), System.out);
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("isthmus bench qp: " + e.getMessage());
            code = 1;
        }
        System.exit(code); // threads of the provider may wait for ever
    }

    static void run(String provider, String address, int bytes, long nanos, List<String> rows, PrintStream out)
            throws IOException, InterruptedException {
        QueuePairBenchmark benchmark = new QueuePairBenchmark(provider, address, bytes, nanos);
        for (String row : rows) {
            out.println(benchmark.measure(Row.parse(row)));
        }
    }

    private String measure(Row row) throws IOException, InterruptedException {
        int stride = stride(row);
        numbersSent = 0;
        numbersReceived = 0;
        received = 0;
        BenchmarkSide receiver = new BenchmarkSide(extension, address, 2 * WINDOW, row.queuePairs());
        BenchmarkSide sender = new BenchmarkSide(extension, address, 2 * WINDOW, row.queuePairs());
        RdmaRegion memory = sender.register(Arena.ofAuto().allocate((long) WINDOW * stride, 64));
        long memoryBefore = memoryInUse();
        long start = System.nanoTime();
        List<Link> links = connect(sender, receiver, row.queuePairs());
        double setUp = (System.nanoTime() - start) / 1e6;
        long memoryTaken = memoryInUse() - memoryBefore;
        exchange(row, sender, receiver, links, memory, stride, nanos / 4); // warms up
        long before = received;
        start = System.nanoTime();
        exchange(row, sender, receiver, links, memory, stride, nanos);
        double requests = (received - before) / ((System.nanoTime() - start) / 1e9);
        if (numbersSent != numbersReceived) {
            throw new IllegalStateException("messages were lost or doubled: numbers sent make " + numbersSent
                    + ", those received " + numbersReceived);
        }
        sender.shut();
        receiver.shut();
        sender.close();
        receiver.close();
        return String.format(Locale.ROOT, "%s,%d,%d,%.0f,%.0f,%d,%.0f", row.design(), row.ranks(), row.queuePairs(),
                requests * row.batch(), requests, memoryTaken, setUp);
    }

    private static List<Link> connect(BenchmarkSide sender, BenchmarkSide receiver, int count)
            throws IOException, InterruptedException {
        List<Link> links = List.of();
        for (int done = 0; done < count; done += AT_ONCE) {
            int more = Math.min(AT_ONCE, count - done);
            sender.dial(receiver, more);
            links = sender.await(more);
            receiver.await(more);
        }
        return links;
    }

    private int stride(Row row) {
        int stride = row.batch() == 1 ? bytes : row.batch() * (RECORD_HEAD + bytes);
        int aligned = stride + ALIGNMENT - 1 & -ALIGNMENT;
        if (aligned > RdmaDescriptor.BUFFER_BYTES) {
            throw new IllegalArgumentException(row.ranks() + " messages of " + bytes
                    + " bytes do not fit into a frame of "
                    + RdmaDescriptor.BUFFER_BYTES + " bytes: take fewer ranks or smaller messages");
        }
        return aligned;
    }

    /** Sends for that long, then waits for what is under way. */
    private void exchange(Row row, BenchmarkSide sender, BenchmarkSide receiver, List<Link> links, RdmaRegion memory,
            int stride, long duration) throws IOException {
        Random random = new Random(row.ranks());
        MemorySegment message = Arena.ofAuto().allocate(bytes, ALIGNMENT);
        long sent = received;
        long number = sent;
        long start = System.nanoTime();
        boolean over = false;
        while (!over || received < sent) {
            for (int i = 0; i < AT_ONCE && !over && sent - received < WINDOW; i++) {
                int source = (int) (number % row.ranks());
                Link link = links.get(row.queuePair(number, source, random.nextInt(row.ranks())));
                if (!link.hasRoom(1)) {
                    require(link.broken());
                    break;
                }
                int at = (int) (sent & NUMBER_MASK) * stride;
                fill(row, memory.memory(), at, message, number);
                link.send(Link.Kind.MESSAGE, sent, memory.address(at), stride, memory.localKey(), false);
                sent++;
                number++;
            }
            takeCompletions(sender);
            takeMessages(row, receiver);
            require(sender.failure());
            require(receiver.failure());
            over = over || System.nanoTime() - start >= duration;
        }
    }

    private void fill(Row row, MemorySegment memory, int at, MemorySegment message, long number) {
        if (row.batch() == 1) {
            memory.set(RdmaEndpoint.LONG, at, number);
            numbersSent += number;
            return;
        }
        for (int i = 0; i < row.batch(); i++) {
            message.set(RdmaEndpoint.LONG, 0, number + i);
            MemorySegment.copy(message, 0, memory, at + (long) i * (RECORD_HEAD + bytes) + RECORD_HEAD, bytes);
            numbersSent += number + i;
        }
    }

    private static void takeCompletions(BenchmarkSide sender) throws IOException {
        int polled = sender.device().poll();
        for (int i = 0; i < polled; i++) {
            IbvWC completion = sender.device().completion(i);
            requireSuccess(completion);
            sender.link(completion.getQp_num()).complete(completion.getWr_id());
        }
    }

    private void takeMessages(Row row, BenchmarkSide receiver) throws IOException {
        int polled = receiver.device().poll();
        for (int i = 0; i < polled; i++) {
            IbvWC completion = receiver.device().completion(i);
            requireSuccess(completion);
            int buffer = Device.buffer(completion.getWr_id());
            long at = (long) buffer * RdmaDescriptor.BUFFER_BYTES;
            MemorySegment pool = receiver.device().poolMemory();
            for (int k = 0; k < row.batch(); k++) {
                numbersReceived += pool.get(RdmaEndpoint.LONG,
                        row.batch() == 1 ? at : at + (long) k * (RECORD_HEAD + bytes) + RECORD_HEAD);
            }
            receiver.device().repost(buffer);
            received++;
        }
    }

    private static void requireSuccess(IbvWC completion) {
        if (completion.getStatus() != 0) {
            throw new IllegalStateException("a work request of queue pair " + completion.getQp_num()
                    + " ended with status " + completion.getStatus());
        }
    }

    private static void require(String failure) {
        if (failure != null) {
            throw new IllegalStateException("a queue pair failed: " + failure);
        }
    }

    private long memoryInUse() throws IOException {
        if (heap) {
            System.gc();
            System.gc(); // what only a cleaner held is garbage at the second one
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }
        try (BufferedReader lines = Files.newBufferedReader(Path.of("/proc/meminfo"))) {
            long available = lines.lines().filter(line -> line.startsWith("MemAvailable:")).findFirst()
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).orElseThrow();
            return -(available << 10);
        }
    }
}
