package mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static mpi.SingleRank.assertRaises;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SingleRank.class)
class DatatypeTest {
    @Test
    void sizesAreInUnitsOfTheBase() throws MPIException {
        assertEquals(1, MPI.DOUBLE.getExtent());
        assertEquals(2, MPI.DOUBLE_COMPLEX.getExtent());
        assertEquals(16, MPI.DOUBLE_INT.getExtent());
        assertEquals(12, MPI.DOUBLE_INT.getSize());
        assertEquals(8, MPI.INT2.getExtent());
        assertEquals(16, MPI.LONG_INT.getExtent());
        assertEquals(8, MPI.SHORT_INT.getExtent());
        Datatype vector = Datatype.createVector(2, 1, 3, MPI.INT);
        assertEquals(2, vector.getSize());
        assertEquals(4, vector.getExtent());
        Datatype resized = Datatype.createResized(vector, -8, 40);
        assertEquals(-2, resized.getLb());
        assertEquals(10, resized.getExtent());
        assertEquals(0, resized.getTrueLb());
        assertEquals(4, resized.getTrueExtent());
    }

    @Test
    void typesAreUsedOnceCommittedAndUntilFreed() throws MPIException {
        Datatype pair = Datatype.createContiguous(2, MPI.INT);
        assertRaises(MPI.ERR_TYPE, "not committed", () -> MPI.COMM_SELF.bcast(new int[2], 1, pair, 0));
        pair.commit();
        MPI.COMM_SELF.bcast(new int[2], 1, pair, 0);
        Datatype copy = pair.dup();
        pair.free();
        assertTrue(pair.isNull());
        assertRaises(MPI.ERR_TYPE, "freed", () -> MPI.COMM_SELF.bcast(new int[2], 1, pair, 0));
        assertRaises(MPI.ERR_TYPE, "freed", pair::getSize);
        MPI.COMM_SELF.bcast(new int[2], 1, copy, 0);
        assertRaises(MPI.ERR_TYPE, "predefined", MPI.INT::free);
        assertTrue(MPI.DATATYPE_NULL.isNull());
        assertRaises(MPI.ERR_TYPE, "DATATYPE_NULL", () -> Datatype.createContiguous(2, MPI.DATATYPE_NULL));
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> Datatype.createContiguous(-1, MPI.INT));
        assertRaises(MPI.ERR_COUNT, "blockLengths[1] is -2",
                () -> Datatype.createIndexed(new int[] {1, -2}, new int[2], MPI.INT));
        assertRaises(MPI.ERR_ARG, "displacements has 1",
                () -> Datatype.createHIndexed(new int[2], new int[1], MPI.INT));
    }

    @Test
    void structsHaveBaseByte() throws MPIException {
        Datatype struct = Datatype.createStruct(new int[] {1, 1}, new int[] {0, 8},
                new Datatype[] {MPI.DOUBLE, MPI.BYTE});
        struct.commit();
        assertEquals(16, struct.getExtent());
        assertEquals(9, struct.getSize());
        MPI.COMM_SELF.bcast(new byte[25], 2, struct, 0);
        assertRaises(MPI.ERR_TYPE, "double[]", () -> MPI.COMM_SELF.bcast(new double[4], 2, struct, 0));
    }

    @Test
    void attributesAreCopies() throws MPIException {
        int key = Datatype.createKeyval();
        Datatype type = Datatype.createContiguous(1, MPI.INT);
        assertNull(type.getAttr(key));
        int[] value = {1, 2};
        type.setAttr(key, value);
        value[0] = 9;
        assertArrayEquals(new int[] {1, 2}, (int[]) type.getAttr(key));
        assertNotSame(type.getAttr(key), type.getAttr(key));
        assertArrayEquals(new int[] {1, 2}, (int[]) type.dup().getAttr(key));
        type.deleteAttr(key);
        assertNull(type.getAttr(key));
        Datatype.freeKeyval(key);
        assertRaises(MPI.ERR_KEYVAL, "keyval is " + key, () -> type.getAttr(key));
    }

    @Test
    void namesAreCut() throws MPIException {
        assertEquals("MPI_INT", MPI.INT.getName());
        Datatype type = MPI.INT.dup();
        type.setName("n".repeat(100));
        assertEquals(MPI.MAX_OBJECT_NAME - 1, type.getName().length());
    }

    @Test
    void aColumnOfAMatrixTravels() throws MPIException {
        Datatype column = Datatype.createVector(3, 1, 4, MPI.DOUBLE);
        column.commit();
        double[] matrix = {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23};
        double[] received = new double[12];
        Request request = MPI.COMM_SELF.iSend(MPI.slice(matrix, 2), 1, column, 0, 5);
        assertFalse(request.isNull());
        Status status = MPI.COMM_SELF.recv(received, 3, MPI.DOUBLE, 0, 5);
        request.waitFor();
        assertEquals(3, status.getCount(MPI.DOUBLE));
        assertEquals(1, status.getCount(column));
        assertArrayEquals(new double[] {2, 12, 22, 0, 0, 0, 0, 0, 0, 0, 0, 0}, received);
    }

    @Test
    void statusCountsElements() throws MPIException {
        Status status = new Status(3, 4, 20);
        assertEquals(5, status.getCount(MPI.INT));
        assertEquals(MPI.UNDEFINED, status.getCount(MPI.LONG));
        assertEquals(3, status.getElements(MPI.DOUBLE_INT));
        assertEquals(5, status.getElementsX(MPI.FLOAT).getCount());
        status.setElements(MPI.DOUBLE_INT, 4);
        assertEquals(2, status.getCount(MPI.DOUBLE_INT));
        status.setElementsX(MPI.BYTE, new Count(5_000_000_000L));
        assertEquals(5_000_000_000L, status.getElementsX(MPI.BYTE).getCount());
        assertEquals(MPI.UNDEFINED, status.getCount(MPI.BYTE));
        status.setCancelled(true);
        assertTrue(status.isCancelled());
        assertEquals(3, status.getSource());
        assertEquals(4, status.getTag());
    }

    @Test
    void wrongQueriesOfAStatus() throws MPIException {
        Status status = new Status(3, 4, 20);
        Datatype freed = Datatype.createContiguous(2, MPI.INT);
        freed.free();
        assertRaises(MPI.ERR_TYPE, "freed", () -> status.getCount(freed));
        assertRaises(MPI.ERR_TYPE, "null", () -> status.getElements(null));
        assertRaises(MPI.ERR_TYPE, "freed", () -> status.getElementsX(freed));
        assertRaises(MPI.ERR_COUNT, "count is -1; it must be 0 or more", () -> status.setElements(MPI.INT, -1));
        assertRaises(MPI.ERR_TYPE, "freed", () -> status.setElements(freed, 1));
        assertRaises(MPI.ERR_COUNT, "count is -2", () -> status.setElementsX(MPI.INT, new Count(-2)));
        assertRaises(MPI.ERR_ARG, "count is null", () -> status.setElementsX(MPI.INT, null));
        assertEquals(5, status.getCount(MPI.INT));
    }

    @Test
    void wrongConstructorsAndAttributes() throws MPIException {
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> Datatype.createHVector(-1, 1, 4, MPI.INT));
        assertRaises(MPI.ERR_COUNT, "blockLength is -3", () -> Datatype.createHVector(1, -3, 4, MPI.INT));
        assertRaises(MPI.ERR_TYPE, "null", () -> Datatype.createHVector(1, 1, 4, null));
        assertRaises(MPI.ERR_TYPE, "null", () -> Datatype.createResized(null, 0, 8));
        int key = Datatype.createKeyval();
        Datatype two = Datatype.createContiguous(2, MPI.INT);
        two.setAttr(key, "x");
        two.deleteAttr(key);
        assertNull(two.getAttr(key));
        assertRaises(MPI.ERR_ARG, "serialized", () -> two.setAttr(key, new Object()));
        Datatype.freeKeyval(key);
        assertRaises(MPI.ERR_KEYVAL, "keyval is " + key, () -> Datatype.freeKeyval(key));
        assertRaises(MPI.ERR_KEYVAL, "keyval is " + key, () -> two.setAttr(key, "x"));
        assertRaises(MPI.ERR_KEYVAL, "keyval is " + key, () -> two.deleteAttr(key));
        Datatype copy = two.clone();
        two.free();
        assertEquals(2, copy.getExtent());
        assertRaises(MPI.ERR_TYPE, "freed", () -> two.setName("name"));
        assertRaises(MPI.ERR_TYPE, "freed", () -> two.deleteAttr(key));
    }

    @Test
    void packsAndUnpacks() throws MPIException {
        byte[] packed = new byte[MPI.COMM_SELF.packSize(2, MPI.INT) + MPI.COMM_SELF.packSize(1, MPI.DOUBLE)];
        int position = MPI.COMM_SELF.pack(new int[] {5, 6}, 2, MPI.INT, packed, 0);
        position = MPI.COMM_SELF.pack(new double[] {0.5}, 1, MPI.DOUBLE, packed, position);
        assertEquals(16, position);
        int[] ints = new int[2];
        double[] doubles = new double[1];
        position = MPI.COMM_SELF.unpack(packed, 0, ints, 2, MPI.INT);
        MPI.COMM_SELF.unpack(packed, position, doubles, 1, MPI.DOUBLE);
        assertArrayEquals(new int[] {5, 6}, ints);
        assertArrayEquals(new double[] {0.5}, doubles);
        assertRaises(MPI.ERR_TRUNCATE, "outbuf has 8 bytes",
                () -> MPI.COMM_SELF.pack(new int[4], 4, MPI.INT, packed, 8));
        assertRaises(MPI.ERR_ARG, "position is 17", () -> MPI.COMM_SELF.unpack(packed, 17, ints, 0, MPI.INT));
    }
}
