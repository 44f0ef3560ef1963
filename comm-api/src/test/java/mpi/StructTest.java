package mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static mpi.SingleRank.assertRaises;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;

@ExtendWith(SingleRank.class)
class StructTest {
    /** A field and an array of each type, packed: the layout of a C struct with the packed attribute. */
    private static final class AllTypes extends Struct {
        final int b = addByte();
        final int c = addChar();
        final int s = addShort();
        final int i = addInt();
        final int l = addLong();
        final int f = addFloat();
        final int d = addDouble();
        final int bs = addByte(2);
        final int cs = addChar(2);
        final int ss = addShort(2);
        final int is = addInt(2);
        final int ls = addLong(2);
        final int fs = addFloat(2);
        final int ds = addDouble(2);

        @Override
        protected Data newData() {
            return new Data();
        }

        final class Data extends Struct.Data {
            void put(int n) {
                putByte(b, (byte) n);
                putChar(c, (char) n);
                putShort(s, (short) n);
                putInt(i, n);
                putLong(l, n);
                putFloat(f, n);
                putDouble(d, n);
                for (int k = 0; k < 2; k++) {
                    int v = n + 1 + k;
                    putByte(bs, k, (byte) v);
                    putChar(cs, k, (char) v);
                    putShort(ss, k, (short) v);
                    putInt(is, k, v);
                    putLong(ls, k, v);
                    putFloat(fs, k, v);
                    putDouble(ds, k, v);
                }
            }

            double[] fields() {
                return new double[] {getByte(b), getChar(c), getShort(s), getInt(i), getLong(l), getFloat(f),
                    getDouble(d)};
            }

            double[] elements(int k) {
                return new double[] {getByte(bs, k), getChar(cs, k), getShort(ss, k), getInt(is, k), getLong(ls, k),
                    getFloat(fs, k), getDouble(ds, k)};
            }

            /** A call of each accessor with the wrong field, index or type. */
            Executable[] wrong() {
                return new Executable[] {() -> getByte(c), () -> getChar(b), () -> getShort(c), () -> getInt(f),
                    () -> getLong(d), () -> getFloat(i), () -> getDouble(l), () -> getByte(bs, 2), () -> getChar(cs, 2),
                    () -> getShort(ss, -1), () -> getInt(is, 2), () -> getLong(ls, 2), () -> getFloat(fs, 2),
                    () -> getDouble(ds, 2), () -> putByte(c, (byte) 1), () -> putChar(b, 'x'),
                    () -> putShort(c, (short) 1), () -> putInt(f, 1), () -> putLong(d, 1), () -> putFloat(i, 1),
                    () -> putDouble(l, 1), () -> putByte(bs, 2, (byte) 1), () -> putChar(cs, 2, 'x'),
                    () -> putShort(ss, 2, (short) 1), () -> putInt(is, 2, 1), () -> putLong(ls, -1, 1),
                    () -> putFloat(fs, 2, 1), () -> putDouble(ds, 2, 1), () -> getInt(1000)};
            }
        }
    }

    /** Fields that are structs, arrays of structs, or of other datatypes. */
    private static final class Nested extends Struct {
        final AllTypes inner = new AllTypes();
        final int first;
        final int pairs;
        final int complex;

        Nested() throws MPIException {
            first = addStruct(inner);
            pairs = setOffset(160).addStruct(MPI.doubleInt, 3);
            complex = addData(MPI.DOUBLE_COMPLEX, 2);
        }

        @Override
        protected Data newData() {
            return new Data();
        }

        final class Data extends Struct.Data {
            AllTypes.Data inner() {
                return getData(inner, first);
            }

            DoubleInt.Data pair(int index) {
                return getData(MPI.doubleInt, pairs, index);
            }

            FloatInt.Data wrongPair() {
                return getData(MPI.floatInt, pairs);
            }

            ByteBuffer complex() {
                return getBuffer(MPI.DOUBLE_COMPLEX, complex);
            }

            ByteBuffer complex(int index) throws MPIException {
                return getBuffer(MPI.DOUBLE_COMPLEX, complex, index);
            }

            ByteBuffer wrongComplex(Datatype type, int index) throws MPIException {
                return getBuffer(type, complex, index);
            }
        }
    }

    private static Struct fields(int... bytes) {
        Struct struct = new Struct() {
            @Override
            protected Data newData() {
                return null;
            }
        };
        for (int n : bytes) {
            switch (n) {
                case 1 -> struct.addByte();
                case 4 -> struct.addInt();
                default -> struct.addDouble();
            }
        }
        return struct;
    }

    @Test
    void fieldsFollowOneAnother() throws MPIException {
        AllTypes t = new AllTypes();
        assertArrayEquals(new int[] {0, 1, 3, 5, 9, 17, 21, 29, 31, 35, 39, 47, 63, 71},
                new int[] {t.b, t.c, t.s, t.i, t.l, t.f, t.d, t.bs, t.cs, t.ss, t.is, t.ls, t.fs, t.ds});
        assertEquals(87, t.getType().getSize());
        assertEquals(87, t.getType().getTrueExtent());
        assertSame(t.getType(), t.getType());
    }

    @Test
    void theExtentIsRoundedUpAsInC() throws MPIException {
        assertEquals(88, new AllTypes().getExtent());
        assertEquals(16, fields(8, 1).getExtent());
        assertEquals(8, fields(4, 1).getExtent());
        assertEquals(2, fields(1, 1).getExtent());
        assertEquals(0, fields().getExtent());
        assertEquals(0, fields().getType().getSize());
    }

    @Test
    void viewsReadWhatTheyWrote() throws MPIException {
        AllTypes t = new AllTypes();
        byte[] array = new byte[3 * t.getExtent()];
        ByteBuffer direct = MPI.newByteBuffer(array.length);
        AllTypes.Data[] views = {t.getData(array), t.getData(array, 2), t.getData(direct), t.getData(direct, 2)};
        for (int n = 0; n < 4; n++) {
            views[n].put(10 * n);
        }
        for (int n = 0; n < 4; n++) {
            for (int k = -1; k < 2; k++) {
                double[] expected = new double[7];
                Arrays.fill(expected, 10 * n + 1 + k);
                assertArrayEquals(expected, k < 0 ? views[n].fields() : views[n].elements(k));
            }
        }
        ByteBuffer bytes = ByteBuffer.wrap(array).order(ByteOrder.nativeOrder());
        assertEquals(10, bytes.getDouble(2 * 88 + t.d));
        assertEquals(12, bytes.getInt(2 * 88 + t.is + 4));
        assertEquals(32, direct.getLong(2 * 88 + t.ls + 8));
    }

    @Test
    void theBufferOfAViewBeginsAtIt() throws MPIException {
        AllTypes t = new AllTypes();
        ByteBuffer buffer = MPI.newByteBuffer(2 * t.getExtent());
        AllTypes.Data second = t.getData(buffer, 1);
        second.put(5);
        assertSame(buffer, t.getData(buffer).getBuffer());
        assertEquals(5, second.getBuffer().getInt(t.i));
        ByteBuffer out = MPI.newByteBuffer(t.getExtent());
        MPI.COMM_SELF.sendRecv(second.getBuffer(), 1, t.getType(), 0, 1, out, 1, t.getType(), 0, 1);
        AllTypes.Data received = t.getData(out);
        assertArrayEquals(second.fields(), received.fields());
    }

    @Test
    void structsWithinStructs() throws MPIException {
        Nested t = new Nested();
        assertArrayEquals(new int[] {0, 160, 208}, new int[] {t.first, t.pairs, t.complex});
        assertEquals(240, t.getExtent());
        assertEquals(87 + 3 * 12 + 2 * 16, t.getType().getSize());
        byte[] array = new byte[2 * 240];
        Nested.Data view = t.getData(array, 1);
        view.inner().put(3);
        view.pair(2).putValue(2.5);
        view.pair(2).putIndex(7);
        DoubleComplex.get(view.complex(1)).putImag(-4);
        ByteBuffer bytes = ByteBuffer.wrap(array).order(ByteOrder.nativeOrder());
        assertEquals(3, view.inner().fields()[0]);
        assertEquals(2.5, bytes.getDouble(240 + 160 + 32));
        assertEquals(7, bytes.getInt(240 + 160 + 40));
        assertEquals(-4, bytes.getDouble(240 + 208 + 24));
        DoubleComplex.get(view.complex()).putReal(9);
        assertEquals(9, bytes.getDouble(240 + 208));
    }

    @Test
    void aWrongFieldIndexOrTypeIsAFailedAssertion() throws MPIException {
        AllTypes t = new AllTypes();
        AllTypes.Data view = t.getData(new byte[88]);
        for (Executable call : view.wrong()) {
            AssertionError e = assertThrows(AssertionError.class, call);
            assertTrue(e.getMessage().contains("there is no element"), e.getMessage());
        }
        assertArrayEquals(new double[7], view.fields());
        Nested.Data nested = new Nested().getData(new byte[240]);
        assertThrows(AssertionError.class, nested::wrongPair);
        assertThrows(AssertionError.class, () -> nested.pair(3));
        assertThrows(AssertionError.class, () -> nested.complex(2));
        assertRaises(MPI.ERR_TYPE, "null", () -> nested.wrongComplex(null, 0));
        assertThrows(AssertionError.class, () -> nested.wrongComplex(MPI.FLOAT_COMPLEX, 0));
    }

    @Test
    void aWrongBufferIsNamed() throws MPIException {
        AllTypes t = new AllTypes();
        assertRaises(MPI.ERR_ARG, "buffer is null", () -> t.getData((ByteBuffer) null));
        assertRaises(MPI.ERR_ARG, "array is null", () -> t.getData((byte[]) null));
        assertRaises(MPI.ERR_ARG, "index is -1", () -> t.getData(new byte[88], -1));
        assertRaises(MPI.ERR_ARG, "index is -2", () -> t.getData(ByteBuffer.allocate(88), -2));
        assertRaises(MPI.ERR_BUFFER, "array has 86 bytes", () -> t.getData(new byte[86]));
        assertRaises(MPI.ERR_BUFFER, "buffer has 86 bytes", () -> t.getData(ByteBuffer.allocate(86)));
        assertRaises(MPI.ERR_BUFFER, "ends at byte 175; it may hold 1 structs",
                () -> t.getData(ByteBuffer.allocate(174), 1));
        assertRaises(MPI.ERR_BUFFER, "index 2147483647", () -> t.getData(new byte[88], Integer.MAX_VALUE));
        AllTypes.Data last = t.getData(new byte[87]);
        assertEquals(0, last.fields()[0]);
    }

    @Test
    void fieldsAreFixedOnceTheTypeIsInUse() throws MPIException {
        Struct used = fields(4);
        used.getType();
        assertThrows(AssertionError.class, used::addInt);
        assertThrows(AssertionError.class, () -> used.setOffset(100));
        assertThrows(AssertionError.class, () -> used.addStruct(MPI.int2));
        assertThrows(AssertionError.class, MPI.int2::addByte);
        Struct element = fields(4);
        fields().addStruct(element);
        assertThrows(AssertionError.class, element::addInt);
        assertEquals(4, used.getExtent());
    }

    @Test
    void wrongFieldsAreNamed() throws MPIException {
        Struct s = fields(4);
        assertEquals("offset is 3; it must be 4 or more, the end of the fields so far",
                assertThrows(IllegalArgumentException.class, () -> s.setOffset(3)).getMessage());
        for (Executable add : new Executable[] {() -> s.addByte(-1), () -> s.addChar(-1), () -> s.addShort(-1),
            () -> s.addInt(-1), () -> s.addLong(-1), () -> s.addFloat(-1), () -> s.addDouble(-1),
            () -> s.addStruct(MPI.int2, -1), () -> s.addData(MPI.INT, -1)}) {
            assertEquals("length is -1; it must be 0 or more",
                    assertThrows(IllegalArgumentException.class, add).getMessage());
        }
        assertTrue(assertThrows(IllegalArgumentException.class, () -> s.addLong(300_000_000)).getMessage()
                .contains("longer than 2147483647"));
        assertRaises(MPI.ERR_ARG, "struct is null", () -> s.addStruct(null));
        assertRaises(MPI.ERR_ARG, "the struct itself", () -> s.addStruct(s));
        assertRaises(MPI.ERR_TYPE, "null", () -> s.addData(null));
        assertRaises(MPI.ERR_TYPE, "DATATYPE_NULL", () -> s.addData(MPI.DATATYPE_NULL));
        assertEquals(4, s.addInt());
        assertEquals(8, s.addByte(0));
        assertEquals(8, s.addInt());
        assertEquals(12, s.getExtent());
    }

    @Test
    void aStructWithoutViewsSaysSo() {
        assertTrue(assertThrows(NullPointerException.class, () -> fields(4).getData(new byte[4])).getMessage()
                .contains("newData() returned null"));
    }

    @Test
    void pairsAreThePredefinedTypes() throws MPIException {
        Struct[] pairs = {MPI.int2, MPI.shortInt, MPI.longInt, MPI.floatInt, MPI.doubleInt};
        Datatype[] types = {MPI.INT2, MPI.SHORT_INT, MPI.LONG_INT, MPI.FLOAT_INT, MPI.DOUBLE_INT};
        for (int i = 0; i < pairs.length; i++) {
            assertSame(types[i], pairs[i].getType());
            assertEquals(types[i].getExtent(), pairs[i].getExtent());
        }
        byte[] array = new byte[64];
        Int2.Data n = MPI.int2.getData(array, 1);
        n.putValue(-3);
        n.putIndex(4);
        assertArrayEquals(new int[] {-3, 4}, new int[] {n.getValue(), n.getIndex()});
        ShortInt.Data s = MPI.shortInt.getData(array, 1);
        s.putValue((short) -5);
        s.putIndex(6);
        assertArrayEquals(new int[] {-5, 6}, new int[] {s.getValue(), s.getIndex()});
        LongInt.Data l = MPI.longInt.getData(array, 1);
        l.putValue(-7L << 40);
        l.putIndex(8);
        assertEquals(-7L << 40, l.getValue());
        assertEquals(8, l.getIndex());
        FloatInt.Data f = MPI.floatInt.getData(array, 1);
        f.putValue(0.5f);
        f.putIndex(9);
        assertEquals(0.5f, f.getValue());
        assertEquals(9, f.getIndex());
        DoubleInt.Data d = MPI.doubleInt.getData(array, 1);
        d.putValue(0.25);
        d.putIndex(10);
        assertEquals(0.25, d.getValue());
        assertEquals(10, d.getIndex());
        assertEquals(10, ByteBuffer.wrap(array).order(ByteOrder.nativeOrder()).getInt(24));
    }

    @Test
    void pairsHaveTheSizesOfJava() {
        assertThrows(IllegalArgumentException.class, () -> new Int2(4, 8));
        assertThrows(IllegalArgumentException.class, () -> new ShortInt(4, 4, 4));
        assertThrows(IllegalArgumentException.class, () -> new LongInt(4, 8, 4));
        assertThrows(IllegalArgumentException.class, () -> new FloatInt(4, 8));
        assertThrows(IllegalArgumentException.class, () -> new DoubleInt(4, 4));
        assertRaises(MPI.ERR_BUFFER, "array has 7 bytes", () -> MPI.floatInt.getData(new byte[7]));
    }

    @Test
    void anArrayOfStructsTravelsWithoutItsGaps() throws MPIException {
        Struct gaps = fields(8, 1);
        byte[] in = new byte[32];
        Arrays.fill(in, (byte) 7);
        byte[] out = new byte[32];
        MPI.COMM_SELF.sendRecv(in, 2, gaps.getType(), 0, 2, out, 2, gaps.getType(), 0, 2);
        byte[] expected = in.clone();
        Arrays.fill(expected, 9, 16, (byte) 0);
        Arrays.fill(expected, 25, 32, (byte) 0);
        assertArrayEquals(expected, out);
    }
}
