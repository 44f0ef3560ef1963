package org.isthmus.comm.program;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;
import mpi.Win;

/**
 * Main of ranks that fail. The arguments: "return", "fatal" (the error handler of the world) or "threads" ("return"
 * with several threads that wait), what the failing rank, the last one, does, and what the others wait in. Each rank
 * prints "ready" before that.
 */
public final class FaultMain {
    /** For waits whose name begins with "win"; the last rank holds its own lock there. */
    private static Win direct;
    private static Win byMessage;

    private FaultMain() {}

    public static void main(String[] args) throws Exception {
        if (args[1].equals("beforeInit")) {
            beforeInit();
        }
        MPI.InitThread(args, args[0].equals("threads") ? MPI.THREAD_MULTIPLE : MPI.THREAD_SINGLE);
        Intracomm w = MPI.COMM_WORLD;
        int last = w.getSize() - 1;
        if (!args[0].equals("fatal")) {
            w.setErrhandler(MPI.ERRORS_RETURN);
        }
        w.barrier();
        if (args[0].equals("threads") && w.getRank() == last) {
            for (int i = 0; i < 3; i++) {
                w.dup();
            }
        }
        if (args[1].equals("hook")) {
            finalizeInHook(args[2], w);
            return;
        }
        if (args[2].startsWith("win")) {
            openWindows(w, last);
        }
        System.out.println("ready");
        if (w.getRank() == last) {
            fail(args[1], w);
            if (args[1].equals("return")) {
                return;
            }
        } else {
            try {
                if (args[0].equals("threads")) {
                    waitInThreads(args[2], w, last);
                }
                wait(args[2], w, last);
                System.out.println("went on");
            } catch (MPIException e) {
                System.out.println("survivor got " + e.getErrorClass() + ": " + e.getMessage());
                System.out.flush();
                Runtime.getRuntime().halt(77);
            }
        }
        MPI.Finalize();
        System.out.println("finalized");
        try {
            w.barrier();
        } catch (MPIException e) {
            System.out.println("after: " + e.getMessage());
        }
    }

    private static void finalizeInHook(String end, Intracomm w) throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                if (end.equals("return")) {
                    w.barrier();
                }
                MPI.Finalize();
                System.out.println("finalized");
            } catch (MPIException e) {
                e.printStackTrace();
            }
        }));
        if (end.equals("exit")) {
            System.exit(0);
        }
        if (w.getRank() == 0) {
            Thread.sleep(500);
        }
    }

    private static void openWindows(Intracomm w, int last) throws MPIException {
        direct = new Win(MPI.newIntBuffer(1), 1, 1, null, w);
        byMessage = new Win(ByteBuffer.allocateDirect(4), 4, 4, null, w);
        for (Win win : new Win[] {direct, byMessage}) {
            win.setErrhandler(w.getErrhandler());
        }
        if (w.getRank() == last) {
            direct.lock(MPI.LOCK_EXCLUSIVE, last, 0);
        }
        w.barrier();
    }

    private static void beforeInit() throws MPIException {
        System.out.println("initialized: " + MPI.isInitialized() + ", version " + MPI.getVersion().getVersion());
        try {
            MPI.COMM_WORLD.getRank();
        } catch (MPIException e) {
            System.out.println("before: " + e.getMessage());
        }
        System.out.println("buffer of " + MPI.newIntBuffer(3).capacity());
    }

    private static void fail(String how, Intracomm w) throws IOException, MPIException {
        switch (how) {
            case "killed" -> System.in.read();
            case "exception" -> throw new IllegalStateException("the program's own failure");
            case "threadException" -> {
                Thread thread = new Thread(() -> {
                    throw new IllegalStateException("the thread's own failure");
                });
                thread.start();
                System.in.read();
            }
            case "exit" -> System.exit(3);
            case "exitZero" -> System.exit(0);
            case "halt" -> Runtime.getRuntime().halt(5);
            case "abort" -> w.abort(42);
            case "abortOnSelf" -> MPI.COMM_SELF.abort(43);
            case "badRank" -> w.send(new int[1], 1, MPI.INT, 1000, 0);
            case "callErrhandler" -> w.callErrhandler(MPI.ERR_OTHER);
            case "truncate" -> {
                Request send = w.iSend(IntBuffer.wrap(new int[4]), 4, MPI.INT, w.getRank(), 0);
                w.recv(new int[2], 2, MPI.INT, w.getRank(), 0);
                send.waitFor();
            }
            case "return", "nothing", "beforeInit" -> {}
            default -> throw new IllegalArgumentException(how);
        }
    }

    /** Three threads wait, each on a communicator of its own; returns when all have an exception. */
    private static void waitInThreads(String where, Intracomm w, int last) throws MPIException, InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Intracomm c = w.dup();
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    wait(where, c, last);
                } catch (MPIException e) {
                    System.out.println("a thread got " + e.getMessage());
                }
            }));
        }
        System.out.println("waiting");
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void wait(String where, Intracomm w, int last) throws MPIException {
        int[] one = {1};
        switch (where) {
            case "recv" -> w.recv(one, 1, MPI.INT, last, 0);
            case "recvAny" -> w.recv(one, 1, MPI.INT, MPI.ANY_SOURCE, MPI.ANY_TAG);
            case "probe" -> w.probe(last, 0);
            case "ssend" -> w.sSend(one, 1, MPI.INT, last, 0);
            case "largeSend" -> w.send(new int[1 << 20], 1 << 20, MPI.INT, last, 0);
            case "flood" -> {
                while (true) {
                    w.send(new int[100], 100, MPI.INT, last, 0);
                }
            }
            case "barrier" -> w.barrier();
            case "bcast" -> w.bcast(one, 1, MPI.INT, last);
            case "reduce" -> {
                w.reduce(one, 1, MPI.INT, MPI.SUM, 0);
                w.barrier(); // a rank that is not the root may leave the reduction
            }
            case "allReduce" -> w.allReduce(one, 1, MPI.INT, MPI.SUM);
            case "largeAllReduce" -> w.allReduce(new int[1 << 18], 1 << 18, MPI.INT, MPI.SUM);
            case "allToAll" -> w.allToAll(new int[last + 1], 1, MPI.INT, new int[last + 1], 1, MPI.INT);
            case "iBarrier" -> w.iBarrier().waitFor();
            case "waitAny" -> Request.waitAny(new Request[] {w.iRecv(MPI.newIntBuffer(1), 1, MPI.INT, last, 0)});
            case "test" -> {
                Request request = w.iRecv(MPI.newIntBuffer(1), 1, MPI.INT, last, 0);
                while (!request.test()) {
                    Thread.onSpinWait();
                }
            }
            case "iProbe" -> {
                while (w.iProbe(last, 0) == null) {
                    Thread.onSpinWait();
                }
            }
            case "winLock" -> direct.lock(MPI.LOCK_SHARED, last, 0);
            case "winFlush" -> {
                ByteBuffer data = MPI.newByteBuffer(1);
                byMessage.lock(MPI.LOCK_SHARED, last, 0);
                while (true) {
                    byMessage.put(data, 1, MPI.BYTE, last, 0, 1, MPI.BYTE);
                    byMessage.flush(last);
                }
            }
            case "winFence" -> direct.fence(0);
            case "winStart" -> direct.start(w.getGroup().incl(new int[] {last}), 0);
            case "dup" -> w.dup();
            case "split" -> w.split(0, 0);
            case "finalize", "nothing" -> {}
            case "compute" -> {
                while (true) {
                    Thread.onSpinWait();
                }
            }
            default -> throw new IllegalArgumentException(where);
        }
    }
}
