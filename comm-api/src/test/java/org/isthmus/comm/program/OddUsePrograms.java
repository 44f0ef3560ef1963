package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;
import static org.isthmus.comm.program.Verify.that;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import mpi.Comm;
import mpi.Datatype;
import mpi.Info;
import mpi.Int2;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Message;
import mpi.Op;
import mpi.Prequest;
import mpi.Request;
import mpi.Status;
import mpi.UserFunction;

/**
 * Messages, datatypes and collectives as programs seldom use them, although MPI lets them. Longer than other classes,
 * as it is a list of such uses, each a program of its own.
 */
final class OddUsePrograms {
    private static final Intracomm WORLD = MPI.COMM_WORLD;

    private OddUsePrograms() {}

    private static void onWorldAndSelf(OnComm body) throws MPIException {
        for (Intracomm c : new Intracomm[] {WORLD, MPI.COMM_SELF}) {
            body.run(c, c.getRank(), c.getSize());
        }
    }

    private interface OnComm {
        void run(Intracomm c, int me, int size) throws MPIException;
    }

    @Program
    static void nothingInEveryCollective() throws MPIException {
        onWorldAndSelf((c, me, size) -> {
            Datatype t = MPI.INT;
            int[] none = new int[size];
            Datatype[] types = new Datatype[size];
            Arrays.fill(types, MPI.DOUBLE);
            int last = size - 1;
            c.bcast(null, 0, t, last);
            c.gather(null, 0, t, null, 0, t, last);
            c.gatherv(null, 0, t, null, none, none, t, last);
            c.scatter(null, 0, t, null, 0, t, last);
            c.scatterv(null, none, none, t, null, 0, t, last);
            c.allGather(null, 0, t, null, 0, t);
            c.allGatherv(null, 0, t, null, none, none, t);
            c.allToAll(null, 0, t, null, 0, t);
            c.allToAllv(null, none, none, t, null, none, none, t);
            c.allToAllw((Object) null, none, none, types, null, none, none, types);
            c.reduce(null, null, 0, t, MPI.SUM, last);
            c.allReduce(null, null, 0, t, MPI.MAX);
            c.allReduce(null, 0, t, MPI.MAX);
            c.reduceScatter(null, null, none, t, MPI.SUM);
            c.reduceScatterBlock(null, null, 0, t, MPI.SUM);
            c.scan(null, null, 0, t, MPI.SUM);
            c.exScan(null, 0, t, MPI.SUM);
            Request[] all = {c.iBcast(null, 0, t, 0), c.iGather(null, 0, t, null, 0, t, 0), c.iAllGather(null, 0, t),
                c.iAllToAllv(null, none, none, t, null, none, none, t), c.iReduce(null, null, 0, t, MPI.SUM, 0),
                c.iAllReduce(null, 0, t, MPI.SUM), c.iReduceScatter(null, none, t, MPI.SUM),
                c.iExScan(null, 0, t, MPI.SUM),
                c.iScan(null, null, 0, t, MPI.SUM), c.iScatterv(null, none, none, t, null, 0, t, 0), c.iBarrier()};
            Collections.reverse(Arrays.asList(all));
            Request.waitAll(all);
            Datatype empty = Datatype.createContiguous(0, t);
            empty.commit();
            equal(0, empty.getSize(), "size of an empty type");
            equal(0, empty.getExtent(), "extent of an empty type");
            c.bcast(null, 5, empty, 0);
            c.bcast(new int[1], Integer.MAX_VALUE, empty, 0);
            c.allGather(null, 3, empty, null, 3, empty);
            Status status = c.sendRecv(null, 7, empty, me, 1, null, 9, empty, me, 1);
            equal(0, status.getCount(empty), "count of an empty type");
            equal(0, status.getElements(empty), "elements of an empty type");
            empty.free();
        });
    }

    @Program
    static void someHaveNothing() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        int[] counts = new int[size];
        int[] displs = new int[size];
        for (int i = 0, at = 0; i < size; at += counts[i++]) {
            counts[i] = i % 2 == 0 ? 0 : i;
            displs[i] = at;
        }
        int total = displs[size - 1] + counts[size - 1];
        int[] mine = new int[counts[me]];
        Arrays.fill(mine, me);
        int[] all = new int[total];
        WORLD.allGatherv(mine.length == 0 ? null : mine, mine.length, MPI.INT, total == 0 ? null : all, counts, displs,
                MPI.INT);
        int[] again = new int[total];
        WORLD.gatherv(mine, mine.length, MPI.INT, again, counts, displs, MPI.INT, 0);
        WORLD.bcast(again, total, MPI.INT, 0);
        equal(all, again, "gatherv and allGatherv");
        int[] back = new int[mine.length];
        WORLD.scatterv(all, counts, displs, MPI.INT, back.length == 0 ? null : back, back.length, MPI.INT, size - 1);
        equal(mine, back, "scatterv");
        int[] ones = new int[total];
        Arrays.fill(ones, 1);
        int[] sums = new int[counts[me]];
        WORLD.reduceScatter(ones, sums.length == 0 ? null : sums, counts, MPI.INT, MPI.SUM);
        for (int sum : sums) {
            equal(size, sum, "reduceScatter");
        }
    }

    @Program
    static void theSameSignatureByOtherTypes() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        Datatype column = Datatype.createVector(4, 1, 3, MPI.INT);
        Datatype single = Datatype.createResized(column, 0, 4);
        Datatype backwards = Datatype.createIndexed(new int[] {1, 0, 2, 1}, new int[] {3, 9, 1, 0}, MPI.INT);
        single.commit();
        backwards.commit();
        column.commit();
        int[] matrix = new int[12];
        Arrays.setAll(matrix, i -> 100 * me + i);
        int[] received = new int[4 * size];
        WORLD.allGather(matrix, 1, column, received, 4, MPI.INT);
        for (int i = 0; i < received.length; i++) {
            equal(100 * (i / 4) + i % 4 * 3, received[i], "column " + i);
        }
        int[] turned = new int[4 * size];
        WORLD.allGather(matrix, 1, column, turned, 1, backwards);
        for (int r = 0; r < size; r++) {
            int[] part = Arrays.copyOfRange(turned, 4 * r, 4 * r + 4);
            equal(new int[] {100 * r + 9, 100 * r + 3, 100 * r + 6, 100 * r}, part, "turned part of rank " + r);
        }
        int[] columns = new int[12];
        Request all = WORLD.iBcast(IntBuffer.wrap(me == 0 ? matrix : columns), 3, single, 0);
        all.waitFor();
        if (me != 0) {
            equal(0, columns[0], "first");
            equal(11, columns[11], "last");
        }
        int[] transposed = new int[12];
        WORLD.sendRecv(matrix, 3, single, me, 2, transposed, 12, MPI.INT, me, 2);
        for (int i = 0; i < 12; i++) {
            equal(100 * me + i / 4 + i % 4 * 3, transposed[i], "transposed " + i);
        }
        column.free();
        single.free();
        backwards.free();
    }

    @Program
    static void boundsOfOddTypes() throws MPIException {
        Datatype before = Datatype.createHIndexed(new int[] {1, 1}, new int[] {-8, 4}, MPI.INT);
        equal(-2, before.getLb(), "lower bound");
        equal(4, before.getExtent(), "extent");
        equal(2, before.getSize(), "size");
        Datatype padded = Datatype.createResized(before, -16, 40);
        equal(-4, padded.getLb(), "resized lower bound");
        equal(10, padded.getExtent(), "resized extent");
        equal(-2, padded.getTrueLb(), "true lower bound");
        equal(4, padded.getTrueExtent(), "true extent");
        Datatype two = Datatype.createContiguous(2, padded);
        equal(20, two.getExtent(), "extent of two");
        equal(14, two.getTrueExtent(), "true extent of two");
        Datatype down = Datatype.createVector(3, 1, -2, MPI.INT);
        equal(-4, down.getLb(), "lower bound of a falling vector");
        equal(5, down.getExtent(), "extent of a falling vector");
        Datatype holes = Datatype.createStruct(new int[] {2, 0, 1}, new int[] {4, 100, 16},
                new Datatype[] {MPI.SHORT, MPI.DOUBLE, MPI.INT});
        equal(8, holes.getSize(), "size of a struct");
        equal(4, holes.getTrueLb(), "true lower bound of a struct");
        equal(16, holes.getTrueExtent(), "true extent of a struct");
        two.commit();
        down.commit();
        int[] array = new int[30];
        Arrays.setAll(array, i -> i);
        int[] got = new int[4];
        int me = WORLD.getRank();
        WORLD.sendRecv(MPI.slice(array, 10), 1, two, me, 1, got, 4, MPI.INT, me, 1);
        equal(new int[] {8, 11, 18, 21}, got, "elements before and after");
        int[] back = new int[30];
        WORLD.sendRecv(new int[] {1, 2, 3}, 3, MPI.INT, me, 1, MPI.slice(back, 9), 1, down, me, 1);
        equal(new int[] {3, 0, 2, 0, 1}, Arrays.copyOfRange(back, 5, 10), "a falling vector");
        for (Datatype type : new Datatype[] {before, padded, two, down, holes}) {
            type.free();
        }
    }

    /** Types of types, sent from arrays and from memory, in every way that a message travels. */
    @Program
    static void nestedTypesOfAllSizes() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        Datatype pair = Datatype.createIndexed(new int[] {1, 2}, new int[] {2, 0}, MPI.INT);
        Datatype padded = Datatype.createResized(pair, 0, 20);
        Datatype row = Datatype.createVector(2, 2, 3, padded);
        Datatype nested = Datatype.createContiguous(2, row);
        nested.commit();
        int step = nested.getExtent();
        for (int count : new int[] {1, 3, 40, 700, 9000}) {
            int length = step * count;
            IntBuffer direct = MPI.newIntBuffer(length);
            int[] array = new int[length];
            Arrays.setAll(array, i -> i * 7 + me);
            direct.put(0, array);
            int next = (me + 1) % size;
            int previous = (me + size - 1) % size;
            int[] packed = new int[24 * count];
            WORLD.sendRecv(array, count, nested, next, 0, packed, packed.length, MPI.INT, previous, 0);
            int[] other = new int[packed.length];
            Request send = WORLD.iSend(direct, count, nested, next, 1);
            WORLD.recv(other, other.length, MPI.INT, previous, 1);
            send.waitFor();
            equal(packed, other, "arrays and buffers, count " + count);
            equal(7 * 2 + previous, packed[0], "first, count " + count);
            int[] spread = new int[length];
            Status status = WORLD.sendRecv(packed, packed.length, MPI.INT, previous, 2, spread, count, nested, next, 2);
            equal(count, status.getCount(nested), "count");
            equal(24 * count, status.getElements(nested), "elements");
            int used = 0;
            for (int i = 0; i < length; i++) {
                that(spread[i] == 0 || spread[i] == array[i], "element " + i + " is " + spread[i]);
                used += spread[i] != 0 ? 1 : 0;
            }
            that(used >= 24 * count - 1, "elements that came back: " + used);
        }
        for (Datatype type : new Datatype[] {pair, padded, row, nested}) {
            type.free();
        }
    }

    @Program
    static void packedMessagesOfAnyMix() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        int next = (me + 1) % size;
        int previous = (me + size - 1) % size;
        Datatype odd = Datatype.createVector(3, 1, 2, MPI.SHORT);
        odd.commit();
        byte[] packed =
                new byte[WORLD.packSize(2, MPI.LONG) + WORLD.packSize(1, odd) + WORLD.packSize(3, MPI.BOOLEAN) + 5];
        int at = WORLD.pack(new long[] {me, -me}, 2, MPI.LONG, packed, 0);
        at = WORLD.pack(new short[] {1, 2, 3, 4, 5}, 1, odd, packed, at);
        at = WORLD.pack(new boolean[] {true, false, true}, 3, MPI.BOOLEAN, packed, at);
        byte[] in = new byte[packed.length];
        Status status = WORLD.sendRecv(packed, at, MPI.PACKED, next, 0, in, in.length, MPI.PACKED, previous, 0);
        equal(at, status.getCount(MPI.PACKED), "bytes");
        long[] longs = new long[2];
        short[] shorts = new short[5];
        boolean[] flags = new boolean[3];
        at = WORLD.unpack(in, 0, longs, 2, MPI.LONG);
        at = WORLD.unpack(in, at, shorts, 1, odd);
        at = WORLD.unpack(in, at, flags, 3, MPI.BOOLEAN);
        equal(new long[] {previous, -previous}, longs, "longs");
        equal(new short[] {1, 0, 3, 0, 5}, shorts, "shorts");
        equal(new boolean[] {true, false, true}, flags, "flags");
        byte[] two = new byte[WORLD.packSize(2, MPI.INT)];
        int end = WORLD.pack(new int[] {me, 9}, 2, MPI.INT, two, 0);
        int[] ints = new int[2];
        WORLD.sendRecv(two, end, MPI.PACKED, next, 1, ints, 2, MPI.INT, previous, 1);
        equal(new int[] {previous, 9}, ints, "packed here, typed there");
        WORLD.sendRecv(ints, 2, MPI.INT, next, 1, two, two.length, MPI.PACKED, previous, 1);
        WORLD.unpack(two, 0, ints, 2, MPI.INT);
        equal((me + 2 * size - 2) % size, ints[0], "typed there, packed here");
        odd.free();
    }

    @Program
    static void nobodyEverywhere() throws MPIException {
        int nobody = MPI.PROC_NULL;
        int[] data = {42};
        IntBuffer direct = MPI.newIntBuffer(1).put(0, 42);
        WORLD.send(null, 0, MPI.INT, nobody, 0);
        WORLD.bSend(data, 1, MPI.INT, nobody, 0);
        WORLD.sSend(data, 1, MPI.INT, nobody, 0);
        WORLD.rSend(data, 1, MPI.INT, nobody, 0);
        Status status = WORLD.sendRecvReplace(data, 1, MPI.INT, nobody, 0, nobody, MPI.ANY_TAG);
        equal(List.of(nobody, MPI.ANY_TAG, 0, 42),
                List.of(status.getSource(), status.getTag(), status.getCount(MPI.INT), data[0]), "sendRecvReplace");
        Prequest[] persistent =
                {WORLD.sendInit(direct, 1, MPI.INT, nobody, 1), WORLD.bSendInit(direct, 1, MPI.INT, nobody, 1),
            WORLD.sSendInit(direct, 1, MPI.INT, nobody, 1), WORLD.rSendInit(direct, 1, MPI.INT, nobody, 1),
            WORLD.recvInit(direct, 1, MPI.INT, nobody, 1)};
        for (int round = 0; round < 3; round++) {
            Prequest.startAll(persistent);
            Status[] all = Request.waitAllStatus(persistent);
            equal(nobody, all[4].getSource(), "source of a persistent receive");
        }
        for (Prequest request : persistent) {
            request.free();
        }
        Message message = new Message();
        equal(nobody, message.mProbe(nobody, 5, WORLD).getSource(), "matched probe");
        that(message.isNoProc(), "a message of nobody");
        equal(0, message.imRecv(direct, 1, MPI.INT).waitStatus().getCount(MPI.INT), "count of a matched receive");
        that(message.isNull() && direct.get(0) == 42, "received");
        Request[] any = {WORLD.iRecv(direct, 1, MPI.INT, nobody, 7), WORLD.isSend(direct, 1, MPI.INT, nobody, 7)};
        Request.waitAll(any);
        Prequest inactive = WORLD.recvInit(direct, 1, MPI.INT, 0, 0);
        status = inactive.waitStatus();
        equal(List.of(MPI.ANY_SOURCE, MPI.ANY_TAG, 0, false),
                List.of(status.getSource(), status.getTag(), status.getCount(MPI.INT), status.isCancelled()),
                "inactive");
        that(MPI.REQUEST_NULL.test() && MPI.REQUEST_NULL.testStatus() != null, "the null request is done");
        equal(MPI.UNDEFINED, Request.waitAny(new Request[] {inactive, null, MPI.REQUEST_NULL}), "none active");
        equal(MPI.UNDEFINED, Request.waitAnyStatus(new Request[0]).getIndex(), "no requests at all");
        equal(0, Request.waitAllStatus(new Request[0]).length, "no statuses");
        that(Request.waitSome(new Request[0]) == null && Request.testAll(new Request[0]), "no requests");
        inactive.free();
    }

    /** Messages of one sender that match several receives are taken in order, whatever the wildcards. */
    @Program
    static void wildcardsKeepTheOrder() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        int next = (me + 1) % size;
        int previous = (me + size - 1) % size;
        int big = (Integer) WORLD.getAttr(MPI.TAG_UB);
        int[] tags = {big, 0, big - 1, 7, 7, big, 1 << 20};
        for (boolean posted : new boolean[] {true, false}) {
            int[][] in = new int[tags.length][40_000];
            Request[] receives = new Request[tags.length];
            Request[] sends = new Request[tags.length];
            if (posted) {
                post(in, receives, tags, previous);
                WORLD.barrier();
            }
            for (int i = 0; i < tags.length; i++) {
                int[] out = new int[i % 2 == 0 ? 1 : 40_000];
                out[0] = i + 1;
                sends[i] = WORLD.iSend(IntBuffer.wrap(out), out.length, MPI.INT, next, tags[i]);
            }
            if (!posted) {
                WORLD.barrier();
                post(in, receives, tags, previous);
            }
            Request.waitAll(sends);
            Status[] all = Request.waitAllStatus(receives);
            // receives: any, big, any, 7, any, any, any
            int[] expected = {1, 6, 2, 4, 3, 5, 7};
            for (int i = 0; i < tags.length; i++) {
                equal(expected[i], in[i][0], "receive " + i + (posted ? " posted first" : " posted last"));
                equal(tags[expected[i] - 1], all[i].getTag(), "tag of receive " + i);
            }
        }
    }

    private static void post(int[][] in, Request[] receives, int[] tags, int source) throws MPIException {
        int[] wanted = {MPI.ANY_TAG, tags[0], MPI.ANY_TAG, 7, MPI.ANY_TAG, MPI.ANY_TAG, MPI.ANY_TAG};
        for (int i = 0; i < receives.length; i++) {
            receives[i] = WORLD.iRecv(IntBuffer.wrap(in[i]), in[i].length, MPI.INT, i % 2 == 0 ? source : i == 5
                    ? MPI.ANY_SOURCE : source, wanted[i]);
        }
    }

    /** Two by two matrices do not commute: every reduction must keep the order of ranks. */
    @Program
    static void operationsThatDoNotCommute() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        Datatype matrix = Datatype.createContiguous(4, MPI.LONG);
        matrix.commit();
        Op product = new Op(new UserFunction() {
            @Override
            public void call(Object in, Object inOut, int count, Datatype type) {
                for (int k = 0; k < count; k++) {
                    long[] p = multiply((long[]) in, (long[]) inOut, 4 * k);
                    System.arraycopy(p, 0, (long[]) inOut, 4 * k, 4);
                }
            }
        }, false);
        for (int count : new int[] {1, 5, 333, 4000}) {
            long[] mine = matrices(me, count);
            long[] all = matrices(0, count);
            long[] upToMe = me == 0 ? all.clone() : null;
            long[] beforeMe = null;
            for (int r = 1; r < size; r++) {
                beforeMe = r == me ? all.clone() : beforeMe;
                all = fold(all, matrices(r, count));
                upToMe = r == me ? all.clone() : upToMe;
            }
            long[] out = new long[4 * count];
            WORLD.allReduce(mine, out, count, matrix, product);
            equal(all, out, "allReduce, count " + count);
            for (int root = 0; root < size; root++) {
                Arrays.fill(out, 0);
                WORLD.reduce(mine, out, count, matrix, product, root);
                equal(root == me ? all : new long[4 * count], out, "reduce to " + root);
            }
            WORLD.scan(mine, out, count, matrix, product);
            equal(upToMe, out, "scan, count " + count);
            long[] in = mine.clone();
            WORLD.exScan(in, count, matrix, product);
            equal(me == 0 ? mine : beforeMe, in, "exScan, count " + count);
            java.nio.LongBuffer direct = MPI.newLongBuffer(4 * count).put(0, mine);
            WORLD.iAllReduce(direct, count, matrix, product).waitFor();
            direct.get(0, out);
            equal(all, out, "iAllReduce, count " + count);
            java.nio.LongBuffer blocks = MPI.newLongBuffer(4 * size);
            blocks.put(0, matrices(me, size));
            WORLD.iReduceScatterBlock(blocks, 1, matrix, product).waitFor();
            long[] block = matrices(0, size);
            for (int r = 1; r < size; r++) {
                block = fold(block, matrices(r, size));
            }
            long[] got = new long[4];
            blocks.get(0, got);
            equal(Arrays.copyOfRange(block, 4 * me, 4 * me + 4), got, "iReduceScatterBlock");
        }
        product.free();
        matrix.free();
    }

    private static long[] multiply(long[] a, long[] b, int at) {
        return new long[] {a[at] * b[at] + a[at + 1] * b[at + 2], a[at] * b[at + 1] + a[at + 1] * b[at + 3],
            a[at + 2] * b[at] + a[at + 3] * b[at + 2], a[at + 2] * b[at + 1] + a[at + 3] * b[at + 3]};
    }

    private static long[] fold(long[] left, long[] right) {
        long[] out = new long[left.length];
        for (int at = 0; at < left.length; at += 4) {
            System.arraycopy(multiply(left, right, at), 0, out, at, 4);
        }
        return out;
    }

    private static long[] matrices(int rank, int count) {
        long[] m = new long[4 * count];
        Arrays.setAll(m, i -> (i * 31L + rank * 17L) % 10 - 4);
        return m;
    }

    /**
     * Collectives of several kinds under way at once on one communicator, ended in any order, with messages between.
     */
    @Program
    static void everythingAtOnce() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        for (int round = 0; round < 10; round++) {
            IntBuffer sum = MPI.newIntBuffer(1).put(0, me);
            IntBuffer all = MPI.newIntBuffer(size).put(me, me + 1);
            IntBuffer scan = MPI.newIntBuffer(1).put(0, 1);
            ByteBuffer large = MPI.newByteBuffer(100_000);
            large.put(99_999, (byte) (me == round % size ? 77 : 0));
            IntBuffer message = MPI.newIntBuffer(1);
            IntBuffer out = MPI.newIntBuffer(1).put(0, me);
            Request[] requests = {WORLD.iAllReduce(sum, 1, MPI.INT, MPI.SUM),
                WORLD.iRecv(message, 1, MPI.INT, MPI.ANY_SOURCE, MPI.ANY_TAG), WORLD.iAllGather(all, 1, MPI.INT),
                WORLD.iBcast(large, 100_000, MPI.BYTE, round % size), WORLD.iBarrier(),
                WORLD.iSend(out, 1, MPI.INT, (me + 1) % size, round), WORLD.iScan(scan, 1, MPI.INT, MPI.SUM)};
            int blocking = me;
            int[] total = new int[1];
            WORLD.allReduce(new int[] {blocking}, total, 1, MPI.INT, MPI.MAX);
            equal(size - 1, total[0], "a blocking one among them");
            for (int left = requests.length; left > 0; left--) {
                that(Request.waitAny(requests) != MPI.UNDEFINED, "one of " + left);
            }
            equal(List.of(size * (size - 1) / 2, me + 1, (me + size - 1) % size, 77, size),
                    List.of(sum.get(0), scan.get(0), message.get(0), (int) large.get(99_999), all.get(size - 1)),
                    "results");
        }
    }

    @Program
    static void locationsOfEqualValues() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        ByteBuffer in = MPI.newByteBuffer(16);
        ByteBuffer out = MPI.newByteBuffer(16);
        pair(in, 0).putValue(5);
        pair(in, 0).putIndex(size - me);
        pair(in, 1).putValue(me == size - 1 ? -3 : me);
        pair(in, 1).putIndex(me);
        WORLD.allReduce(in, out, 2, MPI.INT2, MPI.MINLOC);
        equal(List.of(5, 1, -3, size - 1), List.of(pair(out, 0).getValue(), pair(out, 0).getIndex(),
                pair(out, 1).getValue(), pair(out, 1).getIndex()), "MINLOC");
        WORLD.allReduce(in, out, 1, MPI.INT2, MPI.MAXLOC);
        equal(1, pair(out, 0).getIndex(), "MAXLOC of equal values");
    }

    private static Int2.Data pair(ByteBuffer buffer, int index) throws MPIException {
        return MPI.int2.getData(buffer, index);
    }

    /** Handles may be freed while what they describe is under way. */
    @Program
    static void freedWhileUnderWay() throws MPIException {
        int size = WORLD.getSize();
        int me = WORLD.getRank();
        Intracomm own = WORLD.dup();
        Datatype type = Datatype.createVector(500, 1, 2, MPI.INT);
        type.commit();
        Op max = new Op(new UserFunction() {
            @Override
            public void call(Object in, Object inOut, int count, Datatype t) {
                for (int i = 0; i < count; i++) {
                    ((int[]) inOut)[i] = Math.max(((int[]) in)[i], ((int[]) inOut)[i]);
                }
            }
        }, true);
        IntBuffer in = MPI.newIntBuffer(1000);
        IntBuffer out = MPI.newIntBuffer(1000).put(998, me);
        IntBuffer highest = MPI.newIntBuffer(1).put(0, me);
        Request[] all = {own.iRecv(in, 1, type, (me + size - 1) % size, 0), own.iSend(out, 1, type, (me + 1) % size, 0),
            own.iAllReduce(highest, 1, MPI.INT, max)};
        type.free();
        max.free();
        own.free();
        that(type.isNull() && max.isNull() && own.isNull(), "handles are null");
        Request.waitAll(all);
        equal((me + size - 1) % size, in.get(998), "message");
        equal(size - 1, highest.get(0), "reduction");
    }

    @Program
    static void longHints() throws MPIException {
        Info info = new Info();
        String key = "k".repeat(MPI.MAX_INFO_KEY - 1);
        String value = "v".repeat(MPI.MAX_INFO_VAL - 1);
        info.set(key, value);
        info.set("a key with spaces = and signs", "1");
        info.set(key, value);
        equal(2, info.size(), "keys");
        Comm copy = WORLD.dupWithInfo(info);
        info.delete(key);
        info.free();
        equal(value, copy.getInfo().get(key), "hints are copied");
        copy.free();
    }
}
