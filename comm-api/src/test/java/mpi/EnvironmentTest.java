package mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static mpi.SingleRank.assertRaises;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SingleRank.class)
class EnvironmentTest {
    @Test
    void constantsHaveTheValuesThatProgramsPrint() {
        assertArrayEquals(new int[] {-1, -1, -2, -4, -32766}, new int[] {MPI.ANY_SOURCE, MPI.ANY_TAG, MPI.PROC_NULL,
            MPI.ROOT, MPI.UNDEFINED});
        assertArrayEquals(new int[] {0, 1, 2, 3}, new int[] {MPI.IDENT, MPI.CONGRUENT, MPI.SIMILAR, MPI.UNEQUAL});
        assertArrayEquals(new int[] {0, 3}, new int[] {MPI.THREAD_SINGLE, MPI.THREAD_MULTIPLE});
        assertArrayEquals(new int[] {0, 6, 12, 13, 15, 19, 53, 74, 92}, new int[] {MPI.SUCCESS, MPI.ERR_RANK,
            MPI.ERR_DIMS, MPI.ERR_ARG, MPI.ERR_TRUNCATE, MPI.ERR_PENDING, MPI.ERR_WIN, MPI.ERR_PROC_ABORTED,
            MPI.ERR_LASTCODE});
        assertArrayEquals(new int[] {128, 64, 36, 256}, new int[] {MPI.BSEND_OVERHEAD, MPI.MAX_OBJECT_NAME,
            MPI.MAX_INFO_KEY, MPI.MAX_INFO_VAL});
        assertEquals(-54278278, MPI.DISPLACEMENT_CURRENT);
        assertEquals(0, MPI.ERR_SYSRESOURCE);
    }

    @Test
    void knowsItselfAndTheMachine() throws MPIException {
        assertTrue(MPI.isInitialized());
        assertFalse(MPI.isFinalized());
        assertEquals(MPI.THREAD_SINGLE, MPI.queryThread());
        assertEquals(3, MPI.getVersion().getVersion());
        assertEquals(1, MPI.getVersion().getSubVersion());
        assertFalse(MPI.getProcessorName().isEmpty());
        double start = MPI.wtime();
        assertTrue(MPI.wtime() >= start && MPI.wtick() > 0);
        assertEquals("1", MPI.INFO_ENV.get("maxprocs"));
        assertEquals("MPI_THREAD_SINGLE", MPI.INFO_ENV.get("thread_level"));
        assertTrue(MPI.INFO_NULL.isNull());
        assertRaises(MPI.ERR_OTHER, "called twice", () -> MPI.Init(new String[0]));
        assertRaises(MPI.ERR_OTHER, "called twice", () -> MPI.InitThread(new String[0], MPI.THREAD_MULTIPLE));
    }

    @Test
    void theEnvironmentIsWhatTheLauncherSays() throws MPIException {
        Info info = new Info();
        Environment.fill(info, Map.of("OMPI_COMMAND", "Solver", "OMPI_ARGV", "-n 5", "OMPI_MCA_initial_wdir", "/data",
                "OMPI_NUM_APP_CTX", "2", "OMPI_FIRST_RANKS", "0 1", "OMPI_APP_CTX_NUM_PROCS", "1 2",
                "OMPI_FILE_LOCATION", "/files"), "Other x", 3, MPI.THREAD_MULTIPLE);
        assertEquals("Solver|-n 5|3|3|/data|MPI_THREAD_MULTIPLE|2|0 1|1 2|/files", values(info, "command", "argv",
                "maxprocs", "soft", "wdir", "thread_level", "ompi_num_apps", "ompi_first_rank", "ompi_np",
                "ompi_positioned_file_dir"));
        assertEquals(MPI.getProcessorName(), info.get("host"));
        assertEquals(System.getProperty("os.arch"), info.get("arch"));
        assertEquals(1, Environment.applicationNumber(Map.of("OMPI_MCA_orte_app_num", "1")));
    }

    @Test
    void withoutALauncherTheProcessDescribesItself() throws MPIException {
        Info info = new Info();
        Environment.fill(info, Map.of(), "app.Main a b", 4, MPI.THREAD_SINGLE);
        assertEquals("app.Main|a b|4|1|0|4|null", values(info, "command", "argv", "soft", "ompi_num_apps",
                "ompi_first_rank", "ompi_np", "ompi_positioned_file_dir"));
        assertEquals(System.getProperty("user.dir"), info.get("wdir"));
        Info embedded = new Info();
        Environment.fill(embedded, Map.of("ISTHMUS_APPLICATIONS", "2 1 4"), null, 7, MPI.THREAD_FUNNELED);
        assertEquals("3|0 2 3|2 1 4", values(embedded, "ompi_num_apps", "ompi_first_rank", "ompi_np"));
        assertEquals("java|null|MPI_THREAD_FUNNELED", values(embedded, "command", "argv", "thread_level"));
        Info tooLong = new Info();
        Environment.fill(tooLong, Map.of(), "Main " + "x".repeat(1000), 1, MPI.THREAD_SERIALIZED);
        assertEquals(MPI.MAX_INFO_VAL, tooLong.get("argv").length());
        assertEquals(0, Environment.applicationNumber(Map.of("OMPI_MCA_orte_app_num", "second")));
        assertRaises(MPI.ERR_INFO_KEY, "null", () -> MPI.INFO_ENV.get(null));
    }

    private static String values(Info info, String... keys) throws MPIException {
        String[] values = new String[keys.length];
        for (int i = 0; i < keys.length; i++) {
            values[i] = info.get(keys[i]);
        }
        return String.join("|", values);
    }

    @Test
    void whatAProgramMakesItself() throws MPIException {
        Exception cause = new IllegalStateException("why");
        assertSame(cause, new MPIException(cause).getCause());
        assertEquals(0, new MPIException(cause).getErrorClass());
        FileView view = new FileView(16, MPI.INT, MPI.LONG, "native");
        assertEquals(16, view.getDisp());
        assertSame(MPI.LONG, view.getFileType());
        assertEquals(new Count(5), new Count(5));
        assertEquals(new Count(5).hashCode(), new Count(5).hashCode());
        assertFalse(new Count(5).equals(new Count(6)));
    }

    @Test
    void aUserFunctionOverridesOneForm() throws MPIException {
        UserFunction none = new UserFunction() { };
        ByteBuffer two = MPI.newByteBuffer(8);
        assertThrows(UnsupportedOperationException.class, () -> none.call(new int[2], new int[2], 2, MPI.INT));
        assertThrows(UnsupportedOperationException.class, () -> none.call(two, two, 2, MPI.INT));
        UserFunction sum = new UserFunction() {
            @Override
            public void call(Object in, Object inOut, int count, Datatype type) {
                for (int i = 0; i < count; i++) {
                    ((int[]) inOut)[i] += ((int[]) in)[i];
                }
            }
        };
        IntBuffer in = MPI.newIntBuffer(2).put(0, 3).put(1, 4);
        ByteBuffer out = MPI.newByteBuffer(8).putInt(0, 10).putInt(4, 20);
        ByteBuffer bytes = MPI.newByteBuffer(8).putInt(0, in.get(0)).putInt(4, in.get(1));
        sum.call(bytes, out, 2, MPI.INT);
        assertEquals(13, out.getInt(0));
        assertEquals(24, out.getInt(4));
    }

    @Test
    void newBuffersAreZeroedNativeMemory() {
        ByteBuffer bytes = MPI.newByteBuffer(100);
        assertTrue(bytes.isDirect());
        assertEquals(100, bytes.capacity());
        assertSame(ByteOrder.nativeOrder(), bytes.order());
        assertEquals(7, MPI.newDoubleBuffer(7).capacity());
        assertEquals(0, MPI.newLongBuffer(7).get(6));
        assertSame(ByteOrder.nativeOrder(), MPI.newCharBuffer(3).order());
        assertEquals(0, MPI.newShortBuffer(0).capacity());
        assertThrows(IllegalArgumentException.class, () -> MPI.newIntBuffer(-1));
        assertThrows(IllegalArgumentException.class, () -> MPI.newDoubleBuffer(Integer.MAX_VALUE));
    }

    @Test
    void slicesBeginAtAnElementWhateverThePosition() {
        IntBuffer ints = MPI.newIntBuffer(10);
        ints.put(3, 33);
        ints.position(8).limit(9);
        IntBuffer slice = MPI.slice(ints, 3);
        assertEquals(7, slice.capacity());
        assertEquals(33, slice.get(0));
        assertEquals(10, ints.limit());
        assertSame(ByteOrder.nativeOrder(), MPI.slice(ByteBuffer.allocate(8), 4).order());
        double[] array = {1, 2, 3};
        assertEquals(3, MPI.slice(array, 2).get(0));
        assertSame(array, MPI.slice(array, 2).array());
        assertThrows(IllegalArgumentException.class, () -> MPI.slice(ints, 11));
    }

    @Test
    void bufferedSendsNeedABufferWithRoom() throws MPIException {
        assertRaises(MPI.ERR_BUFFER, "no buffer is attached", MPI::detachBuffer);
        assertRaises(MPI.ERR_BUFFER, "none is attached", () -> MPI.COMM_SELF.bSend(new int[65], 65, MPI.INT, 0, 1));
        byte[] buffer = new byte[2 * (MPI.BSEND_OVERHEAD + 40)];
        MPI.attachBuffer(buffer);
        assertRaises(MPI.ERR_BUFFER, "attached already", () -> MPI.attachBuffer(new byte[10]));
        int[] data = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        MPI.COMM_SELF.bSend(data, 10, MPI.INT, 0, 1);
        MPI.COMM_SELF.bSend(data, 5, MPI.INT, 0, 2);
        assertRaises(MPI.ERR_BUFFER, "attached buffer of",
                () -> MPI.COMM_SELF.bSend(new int[1000], 1000, MPI.INT, 0, 3));
        java.util.Arrays.fill(data, 0);
        MPI.COMM_SELF.recv(data, 10, MPI.INT, 0, 1);
        assertArrayEquals(new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, data);
        assertEquals(5, MPI.COMM_SELF.recv(data, 10, MPI.INT, 0, 2).getCount(MPI.INT));
        assertSame(buffer, MPI.detachBuffer());
    }

    @Test
    void smallBufferedSendsNeedNoBuffer() throws MPIException {
        int[] out = new int[BsendBuffer.SMALL / Integer.BYTES];
        int[] in = new int[out.length];
        java.util.Arrays.setAll(out, i -> i * i);
        MPI.COMM_SELF.bSend(out, out.length, MPI.INT, 0, 1);
        MPI.attachBuffer(new byte[10]);
        MPI.COMM_SELF.bSend(out, 1, MPI.INT, 0, 2);
        MPI.detachBuffer();
        java.nio.IntBuffer direct = MPI.newIntBuffer(1).put(0, 77);
        Request request = MPI.COMM_SELF.ibSend(direct, 1, MPI.INT, 0, 3);
        direct.put(0, -1);
        request.waitFor();
        MPI.COMM_SELF.recv(in, in.length, MPI.INT, 0, 1);
        assertArrayEquals(out, in);
        assertEquals(1, MPI.COMM_SELF.recv(in, 1, MPI.INT, 0, 2).getCount(MPI.INT));
        MPI.COMM_SELF.recv(in, 1, MPI.INT, 0, 3);
        assertEquals(77, in[0]);
    }
}
