package org.isthmus.comm.program;

import static org.isthmus.comm.program.Verify.equal;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import mpi.Datatype;
import mpi.Intracomm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Request;

/** Collectives with a count for each rank. Rank i's part has {@code count(i)} ints, with gaps between the parts. */
final class VectorCollectivePrograms {
    private static final int[] UNITS = {0, 1, 3, 100, 9000};

    private VectorCollectivePrograms() {}

    private static int[] counts(int unit) throws MPIException {
        int[] counts = new int[MPI.COMM_WORLD.getSize()];
        Arrays.setAll(counts, i -> i * unit % (3 * unit + 1));
        return counts;
    }

    /** Parts in reversed order with two ints between them. */
    private static int[] displacements(int[] counts) {
        int[] displacements = new int[counts.length];
        int at = 1;
        for (int i = counts.length - 1; i >= 0; i--) {
            displacements[i] = at;
            at += counts[i] + 2;
        }
        return displacements;
    }

    private static int total(int[] counts) {
        return Arrays.stream(counts).sum() + 2 * counts.length + 1;
    }

    private static int[] part(int count, int from, int to) {
        int[] part = new int[count];
        Arrays.setAll(part, i -> i + from * 100_003 + to * 1009);
        return part;
    }

    private interface Part {
        int[] of(int rank);
    }

    private static int[] whole(int[] counts, Part parts) {
        int[] displacements = displacements(counts);
        int[] whole = new int[total(counts)];
        Arrays.fill(whole, -1);
        for (int i = 0; i < counts.length; i++) {
            System.arraycopy(parts.of(i), 0, whole, displacements[i], counts[i]);
        }
        return whole;
    }

    private static int[] empty(int[] counts) {
        int[] empty = new int[total(counts)];
        Arrays.fill(empty, -1);
        return empty;
    }

    private static IntBuffer direct(int[] content) {
        return MPI.newIntBuffer(content.length).put(0, content);
    }

    private static int[] content(IntBuffer buffer) {
        int[] content = new int[buffer.capacity()];
        buffer.get(0, content);
        return content;
    }

    @Program
    static void gathervAndScatterv() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int rank = w.getRank();
        for (int unit : UNITS) {
            int[] counts = counts(unit);
            int[] displs = displacements(counts);
            int[] mine = part(counts[rank], rank, 0);
            int[] expected = whole(counts, i -> part(counts[i], i, 0));
            for (int root = 0; root < w.getSize(); root++) {
                boolean atRoot = rank == root;
                int[] all = empty(counts);
                w.gatherv(mine, mine.length, MPI.INT, atRoot ? all : null, atRoot ? counts : null,
                        atRoot ? displs : null, MPI.INT, root);
                equal(atRoot ? expected : empty(counts), all, "gatherv");
                IntBuffer all2 = direct(empty(counts));
                Request request = w.iGatherv(direct(mine), mine.length, MPI.INT, all2, counts, displs, MPI.INT, root);
                int[] inPlace = empty(counts);
                System.arraycopy(mine, 0, inPlace, displs[rank], mine.length);
                if (atRoot) {
                    w.gatherv(inPlace, counts, displs, MPI.INT, root);
                    equal(expected, inPlace, "gatherv in place");
                } else {
                    w.gatherv(mine, mine.length, MPI.INT, root);
                }
                request.waitFor();
                equal(atRoot ? expected : empty(counts), content(all2), "iGatherv");
                Request form = atRoot ? w.iGatherv(direct(inPlace), counts, displs, MPI.INT, root)
                        : w.iGatherv(direct(mine), mine.length, MPI.INT, root);
                form.waitFor();

                int[] got = new int[counts[rank]];
                w.scatterv(atRoot ? expected : null, counts, displs, MPI.INT, got, got.length, MPI.INT, root);
                equal(mine, got, "scatterv");
                IntBuffer got2 = MPI.newIntBuffer(counts[rank]);
                Request scatter = w.iScatterv(direct(expected), counts, displs, MPI.INT, got2, counts[rank], MPI.INT,
                        root);
                if (atRoot) {
                    w.scatterv(expected, counts, displs, MPI.INT, root);
                } else {
                    int[] got3 = new int[counts[rank]];
                    w.scatterv(got3, got3.length, MPI.INT, root);
                    equal(mine, got3, "scatterv in place");
                }
                scatter.waitFor();
                equal(mine, content(got2), "iScatterv");
                Request last = atRoot ? w.iScatterv(direct(expected), counts, displs, MPI.INT, root)
                        : w.iScatterv(got2.put(0, new int[counts[rank]]), counts[rank], MPI.INT, root);
                last.waitFor();
                equal(mine, content(got2), "iScatterv in place");
            }
        }
    }

    @Program
    static void allGatherv() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int rank = w.getRank();
        for (int unit : UNITS) {
            int[] counts = counts(unit);
            int[] displs = displacements(counts);
            int[] mine = part(counts[rank], rank, 0);
            int[] expected = whole(counts, i -> part(counts[i], i, 0));
            int[] all = empty(counts);
            w.allGatherv(mine, mine.length, MPI.INT, all, counts, displs, MPI.INT);
            equal(expected, all, "allGatherv");
            int[] inPlace = empty(counts);
            System.arraycopy(mine, 0, inPlace, displs[rank], mine.length);
            w.allGatherv(inPlace, counts, displs, MPI.INT);
            equal(expected, inPlace, "allGatherv in place");
            IntBuffer all1 = direct(empty(counts));
            IntBuffer all2 = direct(empty(counts));
            all2.put(displs[rank], mine);
            Request[] both = {w.iAllGatherv(direct(mine), mine.length, MPI.INT, all1, counts, displs, MPI.INT),
                w.iAllGatherv(all2, counts, displs, MPI.INT)};
            Request.waitAll(both);
            equal(expected, content(all1), "iAllGatherv");
            equal(expected, content(all2), "iAllGatherv in place");
        }
    }

    private static int[] pairCounts(int unit, int row) throws MPIException {
        int[] counts = new int[MPI.COMM_WORLD.getSize()];
        Arrays.setAll(counts, i -> (i + row) * unit % (3 * unit + 1));
        return counts;
    }

    @Program
    static void allToAllv() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int rank = w.getRank();
        for (int unit : UNITS) {
            int[] counts = pairCounts(unit, rank);
            int[] displs = displacements(counts);
            int[] out = whole(counts, i -> part(counts[i], rank, i));
            int[] expected = whole(counts, i -> part(counts[i], i, rank));
            int[] in = empty(counts);
            w.allToAllv(out, counts, displs, MPI.INT, in, counts, displs, MPI.INT);
            equal(expected, in, "allToAllv");
            IntBuffer in1 = direct(empty(counts));
            IntBuffer in2 = direct(empty(counts));
            Request[] both = {w.iAllToAllv(direct(out), counts, displs, MPI.INT, in1, counts, displs, MPI.INT),
                w.iAllToAllv(direct(out), counts, displs, MPI.INT, in2, counts, displs, MPI.INT)};
            Request.waitAll(both);
            equal(expected, content(in1), "iAllToAllv");
            equal(expected, content(in2), "iAllToAllv");
        }
    }

    @Program
    static void allToAllw() throws MPIException {
        Intracomm w = MPI.COMM_WORLD;
        int size = w.getSize();
        int rank = w.getRank();
        Datatype every = Datatype.createVector(2, 1, 2, MPI.INT);
        every.commit();
        int slot = 64;
        int[] counts = new int[size];
        int[] displs = new int[size];
        Datatype[] types = new Datatype[size];
        int[] plainCounts = new int[size];
        Datatype[] plainTypes = new Datatype[size];
        for (int i = 0; i < size; i++) {
            boolean derived = (i + rank) % 2 == 1;
            counts[i] = derived ? 3 : 6;
            types[i] = derived ? every : MPI.INT;
            plainCounts[i] = 6;
            plainTypes[i] = MPI.INT;
            displs[i] = i * slot;
        }
        ByteBuffer out = MPI.newByteBuffer(size * slot);
        int[] outInts = new int[size * slot / 4];
        int[] indices = {0, 2, 3, 5, 6, 8};
        int[] expected = new int[size * slot / 4];
        for (int peer = 0; peer < size; peer++) {
            for (int k = 0; k < 6; k++) {
                int at = (peer + rank) % 2 == 1 ? indices[k] : k;
                outInts[peer * slot / 4 + at] = rank * 1000 + peer * 10 + k;
                expected[peer * slot / 4 + k] = peer * 1000 + rank * 10 + k;
            }
        }
        out.asIntBuffer().put(0, outInts);
        ByteBuffer in = MPI.newByteBuffer(size * slot);
        w.allToAllw(out, counts, displs, types, in, plainCounts, displs, plainTypes);
        equal(expected, content(in.asIntBuffer()), "allToAllw with buffers");
        int[] inInts = new int[size * slot / 4];
        w.allToAllw(outInts, counts, displs, types, inInts, plainCounts, displs, plainTypes);
        equal(expected, inInts, "allToAllw with arrays");
        ByteBuffer in1 = MPI.newByteBuffer(size * slot);
        w.iAllToAllw(out, counts, displs, types, in1, plainCounts, displs, plainTypes).waitFor();
        equal(expected, content(in1.asIntBuffer()), "iAllToAllw");
        byte[] bytes = new byte[size * slot];
        byte[] outBytes = new byte[size * slot];
        out.get(0, outBytes);
        Datatype[] doubles = new Datatype[size];
        Arrays.fill(doubles, MPI.BYTE);
        int[] byteCounts = new int[size];
        Arrays.fill(byteCounts, 13);
        w.allToAllw(outBytes, byteCounts, displs, doubles, bytes, byteCounts, displs, doubles);
        for (int peer = 0; peer < size; peer++) {
            equal((byte) (peer * 1000 + rank * 10), bytes[peer * slot], "bytes");
        }
    }
}
