package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.that;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

/** Collectives with equal counts, in all forms and with all kinds of buffers. */
final class CollectivePrograms {
    private static final int[] COUNTS = {0, 1, 2, 17, 400, 5000, 70_000};

    private CollectivePrograms() {}

    /** Where the ints of a message lie. */
    enum Kind {
        ARRAY, HEAP, DIRECT, NEW;

        Object make(int count) {
            return switch (this) {
                case ARRAY -> new int[count];
                case HEAP -> MPI.slice(new int[count + 2], 2);
                case DIRECT -> ByteBuffer.allocateDirect(4 * count).order(ByteOrder.nativeOrder()).asIntBuffer();
                case NEW -> MPI.newIntBuffer(count);
            };
        }
    }

    static IntBuffer ints(Object buffer) {
        return buffer instanceof int[] array ? IntBuffer.wrap(array) : (IntBuffer) buffer;
    }

    static int[] content(Object buffer) {
        IntBuffer ints = ints(buffer);
        int[] content = new int[ints.capacity()];
        ints.get(0, content);
        return content;
    }

    /** {@code count} numbers from rank {@code from} for rank {@code to}. */
    static int[] block(int count, int from, int to) {
        int[] block = new int[count];
        Arrays.setAll(block, i -> i * 7 + from * 1_000_003 + to * 10_007);
        return block;
    }

    /** The blocks from all ranks for {@code to}. */
    static int[] fromAll(int count, int size, int to) {
        int[] all = new int[count * size];
        for (int from = 0; from < size; from++) {
            System.arraycopy(block(count, from, to), 0, all, from * count, count);
        }
        return all;
    }

    static int[] toAll(int count, int size, int from) {
        int[] all = new int[count * size];
        for (int to = 0; to < size; to++) {
            System.arraycopy(block(count, from, to), 0, all, to * count, count);
        }
        return all;
    }

    private static void wait(Request request) throws MPIException {
        request.waitFor();
        that(request.isNull(), "complete");
    }

    private static boolean isHuge(int count) throws MPIException {
        return count * MPI.COMM_WORLD.getSize() > 300_000;
    }

    @Program
    static void barriers() throws MPIException {
        for (int i = 0; i < 300; i++) {
            MPI.COMM_WORLD.barrier();
        }
        for (int i = 0; i < 50; i++) {
            wait(MPI.COMM_WORLD.iBarrier());
        }
    }

    /** Nobody leaves before the last has come. */
    @Program
    static void barrierHolds() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        for (int late = 0; late < w.getSize(); late++) {
            if (w.getRank() == late) {
                for (int peer = 0; peer < w.getSize(); peer++) {
                    w.send(new int[] {late}, 1, MPI.INT, peer, 3);
                }
            }
            w.barrier();
            that(w.iProbe(late, 3) != null, "a message sent before the barrier is there after it");
            w.recv(new int[1], 1, MPI.INT, late, 3);
        }
    }

    @Program
    static void bcast() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        for (Kind kind : Kind.values()) {
            for (int count : COUNTS) {
                for (int root = 0; root < w.getSize(); root++) {
                    for (boolean blocking : new boolean[] {true, false}) {
                        Object buf = kind.make(count);
                        if (w.getRank() == root) {
                            ints(buf).put(0, block(count, root, count));
                        }
                        if (blocking || kind == Kind.ARRAY) {
                            w.bcast(buf, count, MPI.INT, root);
                        } else {
                            wait(w.iBcast(ints(buf), count, MPI.INT, root));
                        }
                        equal(block(count, root, count), content(buf), kind + " root " + root);
                    }
                }
            }
        }
    }

    @Program
    static void gatherAndScatter() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        for (Kind kind : Kind.values()) {
            for (int count : COUNTS) {
                for (int root = 0; root < size && !isHuge(count); root += 1 + size / 4) {
                    boolean atRoot = rank == root;
                    Object mine = kind.make(count);
                    ints(mine).put(0, block(count, rank, root));
                    Object all = atRoot ? kind.make(count * size) : null;
                    w.gather(mine, count, MPI.INT, all, count, MPI.INT, root);
                    that(!atRoot || Arrays.equals(fromAll(count, size, root), content(all)), "gather " + kind + count);
                    Object inPlace = kind.make(atRoot ? count * size : count);
                    ints(inPlace).put(atRoot ? count * rank : 0, block(count, rank, root));
                    w.gather(inPlace, count, MPI.INT, root);
                    that(!atRoot || Arrays.equals(fromAll(count, size, root), content(inPlace)), "in place " + kind);
                    if (kind != Kind.ARRAY) {
                        IntBuffer all2 = atRoot ? ints(kind.make(count * size)) : null;
                        Request first = w.iGather(ints(mine), count, MPI.INT, all2, count, MPI.INT, root);
                        Object again = kind.make(atRoot ? count * size : count);
                        ints(again).put(atRoot ? count * rank : 0, block(count, rank, root));
                        wait(w.iGather(ints(again), count, MPI.INT, root));
                        wait(first);
                        that(!atRoot || Arrays.equals(fromAll(count, size, root), content(all2)), "iGather");
                        that(!atRoot || Arrays.equals(fromAll(count, size, root), content(again)), "iGather in place");
                    }
                    scatter(w, kind, count, root);
                }
            }
        }
    }

    private static void scatter(Intracomm w, Kind kind, int count, int root) throws MPIException {
        int size = w.getSize();
        boolean atRoot = w.getRank() == root;
        int[] expected = block(count, root, w.getRank());
        Object all = atRoot ? kind.make(count * size) : null;
        if (atRoot) {
            ints(all).put(0, toAll(count, size, root));
        }
        Object mine = kind.make(count);
        w.scatter(all, count, MPI.INT, mine, count, MPI.INT, root);
        equal(expected, content(mine), "scatter " + kind);
        Object inPlace = atRoot ? all : kind.make(count);
        w.scatter(inPlace, count, MPI.INT, root);
        equal(atRoot ? toAll(count, size, root) : expected, content(inPlace), "scatter in place");
        if (kind != Kind.ARRAY) {
            IntBuffer mine1 = ints(kind.make(count));
            IntBuffer mine2 = atRoot ? ints(all) : ints(kind.make(count));
            Request[] both = {w.iScatter(ints2(all), count, MPI.INT, mine1, count, MPI.INT, root),
                w.iScatter(mine2, count, MPI.INT, root)};
            Request.waitAll(both);
            equal(expected, content(mine1), "iScatter");
            equal(atRoot ? toAll(count, size, root) : expected, content(mine2), "iScatter in place");
        }
    }

    private static IntBuffer ints2(Object buffer) {
        return buffer == null ? null : ints(buffer);
    }

    @Program
    static void allGather() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        for (Kind kind : Kind.values()) {
            for (int count : COUNTS) {
                if (isHuge(count)) {
                    continue;
                }
                Object mine = kind.make(count);
                ints(mine).put(0, block(count, rank, 0));
                Object all = kind.make(count * size);
                w.allGather(mine, count, MPI.INT, all, count, MPI.INT);
                equal(fromAll(count, size, 0), content(all), "allGather " + kind + " " + count);
                Object inPlace = kind.make(count * size);
                ints(inPlace).put(rank * count, block(count, rank, 0));
                w.allGather(inPlace, count, MPI.INT);
                equal(fromAll(count, size, 0), content(inPlace), "in place " + kind + " " + count);
                if (kind != Kind.ARRAY) {
                    IntBuffer all1 = ints(kind.make(count * size));
                    IntBuffer all2 = ints(kind.make(count * size));
                    all2.put(rank * count, block(count, rank, 0));
                    Request[] both = {w.iAllGather(ints(mine), count, MPI.INT, all1, count, MPI.INT),
                        w.iAllGather(all2, count, MPI.INT)};
                    Request.waitAll(both);
                    equal(fromAll(count, size, 0), content(all1), "iAllGather");
                    equal(fromAll(count, size, 0), content(all2), "iAllGather in place");
                }
            }
        }
    }

    @Program
    static void allToAll() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        for (Kind kind : Kind.values()) {
            for (int count : COUNTS) {
                if (isHuge(count)) {
                    continue;
                }
                Object out = kind.make(count * size);
                ints(out).put(0, toAll(count, size, w.getRank()));
                Object in = kind.make(count * size);
                w.allToAll(out, count, MPI.INT, in, count, MPI.INT);
                equal(fromAll(count, size, w.getRank()), content(in), "allToAll " + kind + " " + count);
                if (kind != Kind.ARRAY) {
                    IntBuffer in1 = ints(kind.make(count * size));
                    IntBuffer in2 = ints(kind.make(count * size));
                    Request[] both = {w.iAllToAll(ints(out), count, MPI.INT, in1, count, MPI.INT),
                        w.iAllToAll(ints(out), count, MPI.INT, in2, count, MPI.INT)};
                    Request.waitAll(both);
                    equal(fromAll(count, size, w.getRank()), content(in1), "iAllToAll");
                    equal(fromAll(count, size, w.getRank()), content(in2), "iAllToAll");
                }
            }
        }
    }

    /** Many collectives under way at once, completed in another order, with messages in between. */
    @Program
    static void manyOutstanding() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        int n = 40;
        Request[] requests = new Request[n];
        IntBuffer[] in = new IntBuffer[n];
        for (int i = 0; i < n; i++) {
            int count = i % 3 == 2 ? 9000 : 3;
            in[i] = MPI.newIntBuffer(count * size);
            IntBuffer out = MPI.newIntBuffer(count * size);
            out.put(0, toAll(count, size, rank));
            int root = i % size;
            requests[i] = switch (i % 5) {
                case 0 -> w.iAllToAll(out, count, MPI.INT, in[i], count, MPI.INT);
                case 1 -> {
                    in[i].put(0, block(count, root, i));
                    if (rank != root) {
                        in[i].put(0, new int[count]);
                    }
                    yield w.iBcast(in[i], count, MPI.INT, root);
                }
                case 2 -> w.iGather(out, count, MPI.INT, in[i], count, MPI.INT, root);
                case 3 -> w.iBarrier();
                default -> w.iAllReduce(out, in[i], count, MPI.INT, MPI.SUM);
            };
        }
        int[] got = new int[1];
        w.sendRecv(new int[] {rank}, 1, MPI.INT, (rank + 1) % size, 0, got, 1, MPI.INT, (rank + size - 1) % size, 0);
        equal((rank + size - 1) % size, got[0], "message in between");
        for (int i = n - 1; i >= 0; i--) {
            requests[i].waitFor();
            int count = i % 3 == 2 ? 9000 : 3;
            int root = i % size;
            switch (i % 5) {
                case 0 -> equal(fromAll(count, size, rank), content(in[i]), "iAllToAll");
                case 1 -> equal(block(count, root, i), Arrays.copyOf(content(in[i]), count), "iBcast");
                case 2 -> {
                    for (int from = 0; rank == root && from < size; from++) {
                        equal(block(count, from, 0),
                                Arrays.copyOfRange(content(in[i]), from * count, (from + 1) * count), "iGather");
                    }
                }
                case 4 -> {
                    int sum = 0;
                    for (int from = 0; from < size; from++) {
                        sum += block(count, from, 0)[count - 1];
                    }
                    equal(sum, in[i].get(count - 1), "iAllReduce");
                }
                default -> {}
            }
        }
    }

    /** A blocking collective while others of the same communicator are under way. */
    @Program
    static void blockingWhileOthersAreUnderWay() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        for (int i = 0; i < 20; i++) {
            IntBuffer sum = MPI.newIntBuffer(100);
            IntBuffer ones = MPI.newIntBuffer(100);
            ones.put(99, 1);
            Request request = w.iAllReduce(ones, sum, 100, MPI.INT, MPI.SUM);
            int[] value = {w.getRank() == i % w.getSize() ? i : -1};
            w.bcast(value, 1, MPI.INT, i % w.getSize());
            equal(i, value[0], "bcast");
            int[] max = new int[1];
            w.allReduce(new int[] {w.getRank()}, max, 1, MPI.INT, MPI.MAX);
            equal(w.getSize() - 1, max[0], "max");
            request.waitFor();
            equal(w.getSize(), sum.get(99), "sum");
        }
    }

    /** Ranks run ahead of each other through collectives of changing root. */
    @Program
    static void unevenPace() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        for (int i = 0; i < 200; i++) {
            int root = i % size;
            int[] data = new int[1 + i * 13 % 900];
            if (w.getRank() == root) {
                Arrays.fill(data, i);
            }
            w.bcast(data, data.length, MPI.INT, root);
            equal(i, data[data.length - 1], "bcast " + i);
            int[] total = new int[1];
            w.reduce(new int[] {i}, total, 1, MPI.INT, MPI.SUM, (root + 1) % size);
            that(w.getRank() != (root + 1) % size || total[0] == i * size, "reduce " + i);
        }
        w.barrier();
    }
}
