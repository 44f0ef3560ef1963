package mpi;

import static mpi.SingleRank.assertRaises;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each method of a file: the right answer, and wrong arguments. Longer than other classes, as the interface has so many
 * methods.
 */
@ExtendWith(SingleRank.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FileTest {
    private static final int[] NUMBERS = {11, 22, 33, 44, 55};

    @TempDir
    Path directory;

    private File file;

    private String path() {
        return directory.resolve("data").toString();
    }

    /** A new file of ints. */
    private File ints() throws MPIException {
        file = new File(MPI.COMM_SELF, path(), MPI.MODE_CREATE | MPI.MODE_RDWR);
        file.setView(0, MPI.INT, MPI.INT, "native");
        return file;
    }

    private File intsWithNumbers() throws MPIException {
        ints().writeAt(0, NUMBERS, 5, MPI.INT);
        return file;
    }

    @AfterEach
    void close() throws MPIException {
        if (file != null) {
            file.close();
        }
    }

    private static IntBuffer buffer(int... values) {
        IntBuffer buffer = MPI.newIntBuffer(values.length);
        buffer.put(values).clear();
        return buffer;
    }

    private static int[] array(IntBuffer buffer) {
        int[] values = new int[buffer.capacity()];
        buffer.clear().get(values);
        return values;
    }

    @Test
    void modes() throws MPIException {
        ints();
        assertEquals(MPI.MODE_CREATE | MPI.MODE_RDWR, file.getAMode());
        for (int wrong : new int[] {0, MPI.MODE_RDONLY | MPI.MODE_RDWR, MPI.MODE_RDONLY | MPI.MODE_CREATE,
            MPI.MODE_RDONLY | MPI.MODE_EXCL, MPI.MODE_RDWR | MPI.MODE_SEQUENTIAL, MPI.MODE_RDWR | 1 << 20, -1}) {
            assertRaises(MPI.ERR_AMODE, "amode is " + wrong, () -> new File(MPI.COMM_SELF, path(), wrong));
        }
    }

    @Test
    void opening() throws MPIException {
        String path = path();
        assertRaises(MPI.ERR_NO_SUCH_FILE, path + ": no such file", () -> new File(MPI.COMM_SELF, path, MPI.MODE_RDWR));
        ints();
        int create = MPI.MODE_CREATE | MPI.MODE_EXCL | MPI.MODE_WRONLY;
        assertRaises(MPI.ERR_FILE_EXISTS, path + ": the file exists", () -> new File(MPI.COMM_SELF, path, create));
        assertRaises(MPI.ERR_BAD_FILE, "Is a directory",
                () -> new File(MPI.COMM_SELF, directory.toString(), MPI.MODE_RDONLY));
        assertRaises(MPI.ERR_BAD_FILE, "Not a directory",
                () -> new File(MPI.COMM_SELF, path + "/below", MPI.MODE_RDWR | MPI.MODE_CREATE));
        assertRaises(MPI.ERR_BAD_FILE, "filename is null", () -> new File(MPI.COMM_SELF, null, MPI.MODE_RDWR));
        assertRaises(MPI.ERR_BAD_FILE, "filename is empty", () -> new File(MPI.COMM_SELF, "", MPI.MODE_RDWR));
        assertRaises(MPI.ERR_COMM, "comm is null", () -> new File(null, path, MPI.MODE_RDWR));
        Intracomm freed = MPI.COMM_SELF.dup();
        freed.free();
        assertRaises(MPI.ERR_COMM, "freed", () -> new File(freed, path, MPI.MODE_RDWR));
    }

    @Test
    void deleteOnCloseAndUniqueOpen() throws MPIException {
        File temporary = new File(MPI.COMM_SELF, path(), MPI.MODE_CREATE | MPI.MODE_RDWR | MPI.MODE_DELETE_ON_CLOSE
                | MPI.MODE_UNIQUE_OPEN, new Info());
        temporary.write(new byte[10], 10, MPI.BYTE);
        assertTrue(Files.exists(Path.of(path())));
        temporary.close();
        assertFalse(Files.exists(Path.of(path())));
        assertRaises(MPI.ERR_FILE, "closed", temporary::close);
    }

    @Test
    void delete() throws MPIException, IOException {
        Files.write(Path.of(path()), new byte[1]);
        File.delete(path());
        assertFalse(Files.exists(Path.of(path())));
        assertRaises(MPI.ERR_NO_SUCH_FILE, path(), () -> File.delete(path()));
        Files.write(Path.of(path()), new byte[1]);
        File.delete(path(), MPI.INFO_NULL);
        assertRaises(MPI.ERR_BAD_FILE, "filename is null", () -> File.delete(null, MPI.INFO_NULL));
        assertRaises(MPI.ERR_BAD_FILE, "Is a directory", () -> File.delete(directory.toString()));
    }

    @Test
    void append() throws MPIException, IOException {
        Files.write(Path.of(path()), new byte[] {1, 2, 3});
        file = new File(MPI.COMM_SELF, path(), MPI.MODE_WRONLY | MPI.MODE_APPEND);
        assertEquals(3, file.getPosition());
        assertEquals(3, file.getPositionShared());
        file.write(new byte[] {4}, 1, MPI.BYTE);
        assertArrayEquals(new byte[] {1, 2, 3, 4}, Files.readAllBytes(Path.of(path())));
    }

    @Test
    void sizes() throws MPIException {
        ints();
        file.setSize(100);
        assertEquals(100, file.getSize());
        file.preallocate(50);
        assertEquals(100, file.getSize());
        file.preallocate(5_000_000);
        assertEquals(5_000_000, file.getSize());
        file.setSize(7);
        assertEquals(7, file.getSize());
        assertRaises(MPI.ERR_ARG, "size is -1", () -> file.setSize(-1));
        assertRaises(MPI.ERR_ARG, "size is -2", () -> file.preallocate(-2));
    }

    @Test
    void groupAndExtent() throws MPIException {
        ints();
        Group group = file.getGroup();
        assertEquals(1, group.getSize());
        assertEquals(MPI.IDENT, Group.compare(group, MPI.COMM_SELF.getGroup()));
        assertEquals(1, file.getTypeExtent(MPI.INT));
        assertEquals(16, file.getTypeExtent(MPI.DOUBLE_INT));
        assertRaises(MPI.ERR_TYPE, "null", () -> file.getTypeExtent(null));
    }

    @Test
    void hints() throws MPIException {
        Info info = new Info();
        info.set("cb_buffer_size", "1048576");
        info.set("striping_factor", "4");
        info.set("no_such_hint", "x");
        file = new File(MPI.COMM_SELF, path(), MPI.MODE_CREATE | MPI.MODE_RDWR, info);
        Info known = file.getInfo();
        assertEquals("1048576", known.get("cb_buffer_size"));
        assertEquals("4", known.get("striping_factor"));
        assertEquals("1", known.get("cb_nodes"));
        assertEquals("true", known.get("collective_buffering"));
        assertNull(known.get("no_such_hint"));
        Info more = new Info();
        more.set("cb_nodes", "3");
        file.setInfo(more);
        assertEquals("3", file.getInfo().get("cb_nodes"));
        assertEquals("1048576", file.getInfo().get("cb_buffer_size"));
        Info wrong = new Info();
        wrong.set("cb_nodes", "many");
        assertRaises(MPI.ERR_INFO_VALUE, "cb_nodes is \"many\"", () -> file.setInfo(wrong));
        assertRaises(MPI.ERR_INFO_VALUE, "cb_nodes", () -> new File(MPI.COMM_SELF, path(), MPI.MODE_RDWR, wrong));
        assertRaises(MPI.ERR_INFO_VALUE, "cb_nodes",
                () -> file.setView(0, MPI.INT, MPI.INT, "native", wrong));
        file.setInfo(MPI.INFO_NULL);
    }

    @Test
    void views() throws MPIException {
        ints();
        assertEquals("native", file.getView().getDataRep());
        Datatype second = Datatype.createResized(MPI.INT, 0, 8);
        second.commit();
        file.setView(4, MPI.INT, second, "internal", MPI.INFO_NULL);
        FileView view = file.getView();
        assertEquals(4, view.getDisp());
        assertSame(MPI.INT, view.getEType());
        second.free();
        view.getFileType().free();
        assertEquals(2, file.getView().getFileType().getExtent(), "a handle of its own");
        assertTrue(view.getFileType().isNull());
        assertEquals("internal", view.getDataRep());
        assertEquals(4 + 3 * 8, file.getByteOffset(3));
        file.write(NUMBERS, 5, MPI.INT);
        file.setView(0, MPI.INT, MPI.INT, "native");
        int[] all = new int[20];
        assertEquals(10, file.read(all, 20, MPI.INT).getCount(MPI.INT));
        assertArrayEquals(new int[] {0, 11, 0, 22, 0, 33, 0, 44, 0, 55, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, all);
    }

    @Test
    void wrongViews() throws MPIException {
        ints();
        assertRaises(MPI.ERR_DISP, "disp is -1", () -> file.setView(-1, MPI.INT, MPI.INT, "native"));
        assertRaises(MPI.ERR_DISP, "DISPLACEMENT_CURRENT",
                () -> file.setView(MPI.DISPLACEMENT_CURRENT, MPI.INT, MPI.INT, "native"));
        assertRaises(MPI.ERR_TYPE, "null", () -> file.setView(0, null, MPI.INT, "native"));
        assertRaises(MPI.ERR_TYPE, "whole number of etypes", () -> file.setView(0, MPI.LONG, MPI.INT, "native"));
        Datatype loose = Datatype.createContiguous(2, MPI.INT);
        assertRaises(MPI.ERR_TYPE, "not committed", () -> file.setView(0, MPI.INT, loose, "native"));
        Datatype back = Datatype.createIndexed(new int[] {1, 1}, new int[] {4, 0}, MPI.INT);
        back.commit();
        assertRaises(MPI.ERR_TYPE, "go back", () -> file.setView(0, MPI.INT, back, "native"));
        assertRaises(MPI.ERR_UNSUPPORTED_DATAREP, "datarep is \"cobol\"",
                () -> file.setView(0, MPI.INT, MPI.INT, "cobol"));
        assertRaises(MPI.ERR_UNSUPPORTED_DATAREP, "datarep is null", () -> file.setView(0, MPI.INT, MPI.INT, null));
        file.setView(0, MPI.LONG, MPI.LONG, "native");
        assertRaises(MPI.ERR_TYPE, "no whole number of etypes", () -> file.write(NUMBERS, 5, MPI.INT));
        assertRaises(MPI.ERR_ARG, "offset is -4", () -> file.getByteOffset(-4));
        long[] one = new long[1];
        assertRaises(MPI.ERR_ARG, "offset is " + Long.MAX_VALUE, () -> file.readAt(Long.MAX_VALUE, one, 1, MPI.LONG));
        assertRaises(MPI.ERR_ARG, "offset is " + Long.MIN_VALUE, () -> file.seek(Long.MIN_VALUE, MPI.SEEK_CUR));
        assertRaises(MPI.ERR_ARG, "goes to etype", () -> file.writeAt((Long.MAX_VALUE - 8) / 8, one, 1, MPI.LONG));
    }

    @Test
    void external32IsBigEndian() throws MPIException, IOException {
        ints().setView(0, MPI.BYTE, MPI.BYTE, "external32");
        file.write(new int[] {0x01020304}, 1, MPI.INT);
        file.write(new double[] {1.0}, 1, MPI.DOUBLE);
        file.write(new char[] {'\u1234'}, 1, MPI.CHAR);
        byte[] pair = new byte[8];
        ShortInt.Data fields = MPI.shortInt.getData(pair);
        fields.putValue((short) 0x0506);
        fields.putIndex(0x0708090a);
        file.write(pair, 1, MPI.SHORT_INT);
        file.write(new float[] {1.0f, 2.0f}, 1, MPI.FLOAT_COMPLEX);
        file.write(new boolean[] {true}, 1, MPI.BOOLEAN);
        byte[] content = Files.readAllBytes(Path.of(path()));
        ByteBuffer big = ByteBuffer.wrap(content);
        assertEquals(0x01020304, big.getInt(0));
        assertEquals(1.0, big.getDouble(4));
        assertEquals('\u1234', big.getChar(12));
        assertEquals(0x0506, big.getShort(14));
        assertEquals(0x0708090a, big.getInt(16));
        assertEquals(1.0f, big.getFloat(20));
        assertEquals(2.0f, big.getFloat(24));
        assertEquals(1, big.get(28));
        assertEquals(29, content.length);
        byte[] back = new byte[8];
        file.readAt(14, back, 1, MPI.SHORT_INT);
        ShortInt.Data read = MPI.shortInt.getData(back);
        assertEquals(0x0506, read.getValue());
        assertEquals(0x0708090a, read.getIndex());
        double[] one = new double[1];
        file.readAtAll(4, one, 1, MPI.DOUBLE);
        assertEquals(1.0, one[0]);
    }

    @Test
    void explicitOffsets() throws MPIException {
        intsWithNumbers();
        int[] two = new int[2];
        assertEquals(2, file.readAt(1, two, 2, MPI.INT).getCount(MPI.INT));
        assertArrayEquals(new int[] {22, 33}, two);
        assertEquals(1, file.writeAtAll(2, new int[] {7}, 1, MPI.INT).getCount(MPI.INT));
        assertEquals(2, file.readAtAll(2, two, 2, MPI.INT).getCount(MPI.INT));
        assertArrayEquals(new int[] {7, 44}, two);
        assertEquals(1, file.readAt(4, two, 2, MPI.INT).getCount(MPI.INT));
        assertArrayEquals(new int[] {55, 44}, two);
        IntBuffer direct = MPI.newIntBuffer(2);
        Status status = file.iReadAt(0, direct, 2, MPI.INT).waitStatus();
        assertEquals(2, status.getCount(MPI.INT));
        assertArrayEquals(new int[] {11, 22}, array(direct));
        file.iWriteAt(0, buffer(1, 2), 2, MPI.INT).waitFor();
        file.iWriteAtAll(2, buffer(3), 1, MPI.INT).waitFor();
        assertEquals(2, file.iReadAtAll(1, direct, 2, MPI.INT).waitStatus().getCount(MPI.INT));
        assertArrayEquals(new int[] {2, 3}, array(direct));
        assertEquals(0, file.getPosition());
        assertRaises(MPI.ERR_ARG, "offset is -1", () -> file.readAt(-1, two, 2, MPI.INT));
        assertRaises(MPI.ERR_ARG, "offset is -1", () -> file.writeAt(-1, two, 2, MPI.INT));
        assertRaises(MPI.ERR_ARG, "offset is -1", () -> file.readAtAll(-1, two, 2, MPI.INT));
        assertRaises(MPI.ERR_ARG, "offset is -1", () -> file.writeAtAll(-1, two, 2, MPI.INT));
        assertRaises(MPI.ERR_ARG, "offset is -1", () -> file.iReadAt(-1, direct, 2, MPI.INT));
        assertRaises(MPI.ERR_ARG, "offset is -1", () -> file.iWriteAt(-1, direct, 2, MPI.INT));
        assertRaises(MPI.ERR_ARG, "offset is -1", () -> file.iReadAtAll(-1, direct, 2, MPI.INT));
        assertRaises(MPI.ERR_ARG, "offset is -1", () -> file.iWriteAtAll(-1, direct, 2, MPI.INT));
    }

    @Test
    void individualPosition() throws MPIException {
        ints();
        assertEquals(5, file.write(NUMBERS, 5, MPI.INT).getCount(MPI.INT));
        assertEquals(5, file.getPosition());
        file.writeAll(new int[] {66}, 1, MPI.INT);
        file.iWrite(buffer(77), 1, MPI.INT).waitFor();
        file.iWriteAll(buffer(88), 1, MPI.INT).waitFor();
        assertEquals(8, file.getPosition());
        file.seek(-3, MPI.SEEK_END);
        int[] one = new int[1];
        file.read(one, 1, MPI.INT);
        assertEquals(66, one[0]);
        file.readAll(one, 1, MPI.INT);
        assertEquals(77, one[0]);
        file.seek(-6, MPI.SEEK_CUR);
        IntBuffer direct = MPI.newIntBuffer(1);
        file.iRead(direct, 1, MPI.INT).waitFor();
        assertEquals(22, direct.get(0));
        file.iReadAll(direct, 1, MPI.INT).waitFor();
        assertEquals(33, direct.get(0));
        file.seek(7, MPI.SEEK_SET);
        int[] two = new int[2];
        assertEquals(1, file.read(two, 2, MPI.INT).getCount(MPI.INT));
        assertEquals(8, file.getPosition(), "a read moves by what it gets");
        assertEquals(0, file.read(two, 2, MPI.INT).getCount(MPI.INT));
        assertRaises(MPI.ERR_ARG, "whence is 17", () -> file.seek(0, 17));
        assertRaises(MPI.ERR_ARG, "leads to etype -1", () -> file.seek(-1, MPI.SEEK_SET));
        assertEquals(8, file.getPosition());
    }

    @Test
    void wrongBuffers() throws MPIException {
        ints();
        IntBuffer direct = MPI.newIntBuffer(2);
        int[] two = new int[2];
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> file.read(two, -1, MPI.INT));
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> file.write(two, -1, MPI.INT));
        assertRaises(MPI.ERR_BUFFER, "buf", () -> file.readAll(two, 3, MPI.INT));
        assertRaises(MPI.ERR_BUFFER, "buf", () -> file.writeAll(two, 3, MPI.INT));
        assertRaises(MPI.ERR_BUFFER, "buf", () -> file.iRead(direct, 3, MPI.INT));
        assertRaises(MPI.ERR_BUFFER, "buf", () -> file.iWrite(direct, 3, MPI.INT));
        assertRaises(MPI.ERR_TYPE, "null", () -> file.iReadAll(direct, 2, null));
        assertRaises(MPI.ERR_TYPE, "null", () -> file.iWriteAll(direct, 2, null));
        assertRaises(MPI.ERR_TYPE, "INT", () -> file.write(new double[2], 2, MPI.INT));
        assertRaises(MPI.ERR_BUFFER, "read-only", () -> file.iRead(direct.asReadOnlyBuffer(), 2, MPI.INT));
        assertEquals(0, file.write(null, 0, MPI.INT).getCount(MPI.INT));
        assertEquals(0, file.readAll(null, 0, MPI.INT).getCount(MPI.INT));
        assertEquals(0, file.getSize());
    }

    @Test
    void sharedPosition() throws MPIException {
        ints();
        assertEquals(2, file.writeShared(NUMBERS, 2, MPI.INT).getCount(MPI.INT));
        file.iWriteShared(buffer(33), 1, MPI.INT).waitFor();
        assertEquals(2, file.writeOrdered(new int[] {44, 55}, 2, MPI.INT).getCount(MPI.INT));
        assertEquals(5, file.getPositionShared());
        assertEquals(0, file.getPosition());
        file.seekShared(-4, MPI.SEEK_END);
        int[] one = new int[1];
        file.readShared(one, 1, MPI.INT);
        assertEquals(22, one[0]);
        IntBuffer direct = MPI.newIntBuffer(1);
        file.iReadShared(direct, 1, MPI.INT).waitFor();
        assertEquals(33, direct.get(0));
        assertEquals(1, file.readOrdered(one, 1, MPI.INT).getCount(MPI.INT));
        assertEquals(44, one[0]);
        file.setView(0, MPI.INT, MPI.INT, "native");
        assertEquals(0, file.getPositionShared());
        assertRaises(MPI.ERR_ARG, "whence is 3", () -> file.seekShared(0, 3));
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> file.readShared(one, -1, MPI.INT));
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> file.writeShared(one, -1, MPI.INT));
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> file.iReadShared(direct, -1, MPI.INT));
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> file.iWriteShared(direct, -1, MPI.INT));
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> file.readOrdered(one, -1, MPI.INT));
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> file.writeOrdered(one, -1, MPI.INT));
    }

    @Test
    void splitCollectives() throws MPIException {
        ints();
        file.writeAllBegin(NUMBERS, 2, MPI.INT);
        assertEquals(2, file.writeAllEnd(NUMBERS).getCount(MPI.INT));
        IntBuffer direct = buffer(33, 44);
        file.writeAtAllBegin(2, direct, 2, MPI.INT);
        assertEquals(2, file.writeAtAllEnd(direct).getCount(MPI.INT));
        file.seekShared(4, MPI.SEEK_SET);
        file.writeOrderedBegin(buffer(55), 1, MPI.INT);
        file.writeOrderedEnd(null);
        int[] two = new int[2];
        file.readAtAllBegin(3, two, 2, MPI.INT);
        assertEquals(2, file.readAtAllEnd(two).getCount(MPI.INT));
        assertArrayEquals(new int[] {44, 55}, two);
        file.seek(1, MPI.SEEK_SET);
        file.readAllBegin(direct, 2, MPI.INT);
        assertEquals(2, file.readAllEnd(direct).getCount(MPI.INT));
        assertArrayEquals(new int[] {22, 33}, array(direct));
        file.seekShared(4, MPI.SEEK_SET);
        file.readOrderedBegin(two, 2, MPI.INT);
        assertEquals(1, file.readOrderedEnd(two).getCount(MPI.INT));
        assertArrayEquals(new int[] {55, 55}, two);
    }

    @Test
    void wrongSplitCollectives() throws MPIException {
        intsWithNumbers();
        int[] two = new int[2];
        assertRaises(MPI.ERR_OTHER, "readAllEnd without", () -> file.readAllEnd(two));
        assertRaises(MPI.ERR_OTHER, "readAtAllEnd without", () -> file.readAtAllEnd(two));
        assertRaises(MPI.ERR_OTHER, "readOrderedEnd without", () -> file.readOrderedEnd(two));
        assertRaises(MPI.ERR_OTHER, "writeAllEnd without", () -> file.writeAllEnd(two));
        assertRaises(MPI.ERR_OTHER, "writeAtAllEnd without", () -> file.writeAtAllEnd(two));
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> file.readAllBegin(two, -1, MPI.INT));
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> file.writeAllBegin(two, -1, MPI.INT));
        assertRaises(MPI.ERR_ARG, "offset is -1", () -> file.readAtAllBegin(-1, two, 2, MPI.INT));
        assertRaises(MPI.ERR_ARG, "offset is -1", () -> file.writeAtAllBegin(-1, two, 2, MPI.INT));
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> file.writeOrderedBegin(two, -1, MPI.INT));
        assertRaises(MPI.ERR_COUNT, "count is -1", () -> file.readOrderedBegin(two, -1, MPI.INT));
        file.readAllBegin(two, 2, MPI.INT);
        assertRaises(MPI.ERR_OTHER, "readAllBegin has no readAllEnd", () -> file.writeAllBegin(two, 2, MPI.INT));
        assertRaises(MPI.ERR_OTHER, "readAllBegin is what was called", () -> file.writeOrderedEnd(two));
        file.readAllEnd(two);
        assertArrayEquals(new int[] {11, 22}, two);
    }

    @Test
    void requestsGoWithOthers() throws MPIException {
        intsWithNumbers();
        IntBuffer in = MPI.newIntBuffer(5);
        IntBuffer message = MPI.newIntBuffer(1);
        Request receive = MPI.COMM_SELF.iRecv(message, 1, MPI.INT, 0, 9);
        Request read = file.iRead(in, 5, MPI.INT);
        Request send = MPI.COMM_SELF.iSend(buffer(99), 1, MPI.INT, 0, 9);
        Status[] all = Request.waitAllStatus(new Request[] {receive, read, send});
        assertEquals(5, all[1].getCount(MPI.INT));
        assertArrayEquals(NUMBERS, array(in));
        assertEquals(99, message.get(0));
        assertTrue(read.isNull());
        Request late = file.iReadAt(4, in, 5, MPI.INT);
        Status status = late.testStatus();
        while (status == null) {
            status = late.testStatus();
        }
        assertEquals(1, status.getCount(MPI.INT));
        Request[] two = {file.iReadAt(0, in, 1, MPI.INT), MPI.REQUEST_NULL};
        assertEquals(0, Request.waitAny(two));
        assertArrayEquals(new int[] {0}, Request.waitSome(new Request[] {file.iReadAt(0, in, 1, MPI.INT)}));
        Request cancelled = file.iReadAt(0, in, 1, MPI.INT);
        assertRaises(MPI.ERR_REQUEST, "access to a file", cancelled::cancel);
        cancelled.waitFor();
        file.iReadAt(0, in, 1, MPI.INT).free();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readOnlyAndWriteOnly(boolean collective) throws MPIException, IOException {
        Files.write(Path.of(path()), new byte[8]);
        file = new File(MPI.COMM_SELF, path(), MPI.MODE_RDONLY);
        byte[] data = new byte[8];
        assertRaises(MPI.ERR_READ_ONLY, path(),
                collective ? () -> file.writeAll(data, 8, MPI.BYTE) : () -> file.write(data, 8, MPI.BYTE));
        assertRaises(MPI.ERR_READ_ONLY, path(), () -> file.setSize(3));
        assertRaises(MPI.ERR_READ_ONLY, path(), () -> file.preallocate(3));
        file.sync();
        file.close();
        file = new File(MPI.COMM_SELF, path(), MPI.MODE_WRONLY);
        assertRaises(MPI.ERR_ACCESS, path(),
                collective ? () -> file.readAll(data, 8, MPI.BYTE) : () -> file.read(data, 8, MPI.BYTE));
    }

    @Test
    void sequential() throws MPIException {
        file = new File(MPI.COMM_SELF, path(), MPI.MODE_CREATE | MPI.MODE_WRONLY | MPI.MODE_SEQUENTIAL);
        byte[] data = {1, 2, 3, 4};
        file.writeShared(data, 4, MPI.BYTE);
        file.setView(MPI.DISPLACEMENT_CURRENT, MPI.BYTE, MPI.BYTE, "native");
        assertEquals(4, file.getView().getDisp());
        file.writeOrdered(data, 2, MPI.BYTE);
        assertEquals(6, file.getSize());
        assertRaises(MPI.ERR_UNSUPPORTED_OPERATION, "SEQUENTIAL", () -> file.write(data, 4, MPI.BYTE));
        assertRaises(MPI.ERR_UNSUPPORTED_OPERATION, "SEQUENTIAL", () -> file.writeAt(0, data, 4, MPI.BYTE));
        assertRaises(MPI.ERR_UNSUPPORTED_OPERATION, "SEQUENTIAL", () -> file.seek(0, MPI.SEEK_SET));
        assertRaises(MPI.ERR_UNSUPPORTED_OPERATION, "SEQUENTIAL", () -> file.seekShared(0, MPI.SEEK_SET));
        assertRaises(MPI.ERR_UNSUPPORTED_OPERATION, "SEQUENTIAL", file::getPosition);
        assertRaises(MPI.ERR_UNSUPPORTED_OPERATION, "SEQUENTIAL", file::getPositionShared);
        assertRaises(MPI.ERR_UNSUPPORTED_OPERATION, "SEQUENTIAL", () -> file.getByteOffset(0));
        assertRaises(MPI.ERR_UNSUPPORTED_OPERATION, "SEQUENTIAL", () -> file.setSize(0));
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void atomicity(boolean atomic) throws MPIException {
        ints();
        assertFalse(file.getAtomicity());
        file.setAtomicity(atomic);
        assertEquals(atomic, file.getAtomicity());
        file.write(NUMBERS, 5, MPI.INT);
        file.sync();
        int[] back = new int[5];
        file.readAtAll(0, back, 5, MPI.INT);
        assertArrayEquals(NUMBERS, back);
    }

    @Test
    void errorHandlers() throws MPIException {
        ints();
        assertSame(MPI.ERRORS_RETURN, file.getErrhandler());
        file.setErrhandler(MPI.ERRORS_ARE_FATAL);
        assertSame(MPI.ERRORS_ARE_FATAL, file.getErrhandler());
        file.setErrhandler(MPI.ERRORS_RETURN);
        file.callErrhandler(MPI.ERR_IO);
        assertRaises(MPI.ERR_ARG, "errhandler is null", () -> file.setErrhandler(null));
    }

    @Test
    void everythingIsAnErrorAfterClose() throws MPIException {
        File closed = ints();
        closed.close();
        file = null;
        int[] one = new int[1];
        assertRaises(MPI.ERR_FILE, "closed", closed::getSize);
        assertRaises(MPI.ERR_FILE, "closed", closed::getAMode);
        assertRaises(MPI.ERR_FILE, "closed", closed::getGroup);
        assertRaises(MPI.ERR_FILE, "closed", closed::getInfo);
        assertRaises(MPI.ERR_FILE, "closed", closed::getAtomicity);
        assertRaises(MPI.ERR_FILE, "closed", closed::getErrhandler);
        assertRaises(MPI.ERR_FILE, "closed", closed::sync);
        assertRaises(MPI.ERR_FILE, "closed", () -> closed.setAtomicity(true));
        assertRaises(MPI.ERR_FILE, "closed", () -> closed.callErrhandler(MPI.ERR_IO));
        assertRaises(MPI.ERR_FILE, "closed", () -> closed.read(one, 1, MPI.INT));
        assertRaises(MPI.ERR_FILE, "closed", () -> closed.writeAll(one, 1, MPI.INT));
        assertRaises(MPI.ERR_FILE, "closed", () -> closed.readAllEnd(one));
        assertEquals("native", closed.getView().getDataRep());
    }
}
