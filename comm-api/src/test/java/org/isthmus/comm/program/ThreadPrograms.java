package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.raises;
import static org.isthmus.comm.program.Verify.that;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import mpi.Comm;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;
import mpi.Status;
import mpi.Win;

/** Several threads of each rank at the same time, under {@code THREAD_MULTIPLE}. */
final class ThreadPrograms {
    private static final int THREADS = 4;

    private ThreadPrograms() {}

    private interface Body {
        void run(int thread) throws Exception;
    }

    private static void inThreads(Body body) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            threads.add(Thread.ofPlatform().name("worker " + t).start(() -> {
                try {
                    body.run(thread);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                    e.printStackTrace();
                    Runtime.getRuntime().halt(9);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        that(failure.get() == null, "a thread failed: " + failure.get());
    }

    @Program
    static void level() throws Exception {
        equal(MPI.THREAD_MULTIPLE, MPI.queryThread(), "level");
        that(MPI.isThreadMain(), "main thread");
        inThreads(thread -> that(!MPI.isThreadMain(), "not the main thread"));
    }

    @Program
    static void memoryOfOneThreadIsRefused() throws Exception {
        MPI.COMM_SELF.setErrhandler(MPI.ERRORS_RETURN);
        try (Arena confined = Arena.ofConfined(); Arena shared = Arena.ofShared()) {
            MemorySegment ours = confined.allocate(8);
            raises(MPI.ERR_BUFFER, () -> MPI.COMM_SELF.iRecv(ours.asByteBuffer(), 8, MPI.BYTE, 0, 0), "iRecv",
                    "Arena.ofShared()");
            raises(MPI.ERR_BUFFER, () -> MPI.COMM_SELF.send(ours, 8, MPI.BYTE, 0, 0), "send", "buf");
            IntBuffer in = MPI.newIntBuffer(1);
            MemorySegment all = shared.allocate(4);
            Request receive = MPI.COMM_SELF.iRecv(in, 1, MPI.INT, 0, 0);
            all.set(ValueLayout.JAVA_INT, 0, 5);
            MPI.COMM_SELF.send(all, 1, MPI.INT, 0, 0);
            receive.waitFor();
            equal(5, in.get(0), "memory of all threads");
        } finally {
            MPI.COMM_SELF.setErrhandler(MPI.ERRORS_ARE_FATAL);
        }
    }

    @Program
    static void messagesOnOneCommunicator() throws Exception {
        Comm w = MPI.COMM_WORLD;
        int next = (w.getRank() + 1) % w.getSize();
        int previous = (w.getRank() + w.getSize() - 1) % w.getSize();
        inThreads(thread -> {
            for (int i = 0; i < 200; i++) {
                int length = i % 10 == 9 ? 20_000 : 3;
                int[] out = new int[length];
                out[length - 1] = i * 10 + thread;
                int[] in = new int[length];
                Status status = w.sendRecv(out, length, MPI.INT, next, thread, in, length, MPI.INT, previous, thread);
                equal(i * 10 + thread, in[length - 1], "message");
                equal(length, status.getCount(MPI.INT), "count");
                equal(thread, status.getTag(), "tag");
            }
        });
    }

    @Program
    static void pingPongWithBlockedThreads() throws Exception {
        Comm w = MPI.COMM_WORLD;
        int partner = w.getRank() ^ 1;
        if (partner >= w.getSize()) {
            return;
        }
        inThreads(thread -> {
            int[] value = {0};
            for (int i = 0; i < 200; i++) {
                if (w.getRank() < partner) {
                    value[0] = i;
                    w.send(value, 1, MPI.INT, partner, thread);
                    w.recv(value, 1, MPI.INT, partner, thread);
                    equal(i + 1, value[0], "answer");
                } else {
                    w.recv(value, 1, MPI.INT, partner, thread);
                    value[0]++;
                    w.send(value, 1, MPI.INT, partner, thread);
                }
            }
        });
    }

    @Program
    static void collectivesOnDuplicates() throws Exception {
        Intracomm[] comms = new Intracomm[THREADS];
        for (int t = 0; t < THREADS; t++) {
            comms[t] = MPI.COMM_WORLD.dup();
        }
        int size = MPI.COMM_WORLD.getSize();
        inThreads(thread -> {
            Intracomm c = comms[thread];
            for (int i = 0; i < 100; i++) {
                int[] sum = new int[1];
                c.allReduce(new int[] {thread + i}, sum, 1, MPI.INT, MPI.SUM);
                equal(size * (thread + i), sum[0], "sum");
                int[] value = new int[i % 10 == 0 ? 30_000 : 2];
                value[1] = c.getRank() == i % size ? i : -1;
                c.bcast(value, value.length, MPI.INT, i % size);
                equal(i, value[1], "bcast");
                IntBuffer all = MPI.newIntBuffer(size);
                Request request =
                        c.iAllGather(IntBuffer.wrap(new int[] {c.getRank() + i}), 1, MPI.INT, all, 1, MPI.INT);
                c.barrier();
                request.waitFor();
                equal(size - 1 + i, all.get(size - 1), "iAllGather");
            }
        });
        for (Intracomm comm : comms) {
            comm.free();
        }
    }

    /** Each thread makes and frees communicators of its own while the others communicate. */
    @Program
    static void communicatorsInThreads() throws Exception {
        Intracomm[] comms = new Intracomm[THREADS];
        for (int t = 0; t < THREADS; t++) {
            comms[t] = MPI.COMM_WORLD.dup();
        }
        inThreads(thread -> {
            for (int i = 0; i < 15; i++) {
                Intracomm dup = comms[thread].dup();
                Intracomm half = dup.split(dup.getRank() % 2, 0);
                int[] sum = new int[1];
                half.allReduce(new int[] {1}, sum, 1, MPI.INT, MPI.SUM);
                equal(half.getSize(), sum[0], "sum");
                half.free();
                dup.free();
            }
        });
        for (Intracomm comm : comms) {
            comm.free();
        }
    }

    @Program
    static void oneThreadReceivesForTheOthers() throws Exception {
        Comm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int messages = 100;
        inThreads(thread -> {
            if (thread > 0) {
                for (int i = 0; i < messages; i++) {
                    w.send(new int[] {thread, i}, 2, MPI.INT, (w.getRank() + i) % size, thread);
                }
                return;
            }
            int[][] last = new int[size][THREADS];
            for (int k = 0; k < (THREADS - 1) * messages; k++) {
                int[] in = new int[2];
                Status status = w.recv(in, 2, MPI.INT, MPI.ANY_SOURCE, MPI.ANY_TAG);
                equal(in[0], status.getTag(), "tag");
                that(in[1] >= last[status.getSource()][in[0]], "order");
                last[status.getSource()][in[0]] = in[1];
            }
        });
    }

    /** Each thread works on elements of its own, and all on one counter, directly and by messages. */
    @Program
    static void oneSidedOperations() throws Exception {
        Intracomm w = MPI.COMM_WORLD;
        int target = (w.getRank() + 1) % w.getSize();
        int rounds = 50;
        IntBuffer own = ByteBuffer.allocateDirect(8 * THREADS).order(ByteOrder.nativeOrder()).asIntBuffer();
        for (IntBuffer mine : new IntBuffer[] {MPI.newIntBuffer(2 * THREADS), own}) {
            Win win = new Win(mine, 2 * THREADS, 1, null, w);
            win.lockAll(0);
            inThreads(thread -> {
                IntBuffer value = MPI.newIntBuffer(1);
                IntBuffer got = MPI.newIntBuffer(1);
                IntBuffer one = MPI.newIntBuffer(1).put(0, 1);
                for (int i = 1; i <= rounds; i++) {
                    value.put(0, i);
                    win.put(value, 1, MPI.INT, target, 1 + thread, 1, MPI.INT);
                    win.flush(target);
                    win.get(got, 1, MPI.INT, target, 1 + thread, 1, MPI.INT);
                    win.flush(target);
                    equal(i, got.get(0), "what this thread has put");
                    win.fetchAndOp(one, got, MPI.INT, target, 0, MPI.SUM);
                    win.flush(target);
                }
            });
            win.unlockAll();
            w.barrier();
            equal(rounds * THREADS, mine.get(0), "the counter of all threads");
            win.free();
        }
    }
}
