package org.isthmus.comm.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.isthmus.comm.datatype.BlockSequence;
import org.isthmus.comm.datatype.DerivedTypes;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.file.AccessKind.Pointer;
import org.isthmus.comm.fixture.LocalJob;
import org.isthmus.comm.group.Communicator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What files must do on any number of ranks and nodes. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class FileConformance {
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    private static final TypeMap INT = TypeMap.of(Primitive.INT);
    private static final int CREATE = AccessMode.CREATE | AccessMode.RDWR;

    @TempDir
    Path directory;

    abstract LocalJob job();

    abstract int nodeOf(int worldRank);

    private ParallelFile open(Communicator world, Path path, int mode, Map<String, String> hints) {
        return ParallelFile.open(world, this::nodeOf, false, path.toString(), mode, hints);
    }

    private static long move(ParallelFile file, boolean write, boolean collective, long offset, Object buffer,
            int count, TypeMap type) {
        FileRequest request = file.access(new AccessKind(write, Pointer.EXPLICIT, collective, false), offset, buffer, 0,
                count, type);
        file.comm().progress().await(request);
        return request.result();
    }

    static Stream<Arguments> ways() {
        Stream.Builder<Arguments> ways = Stream.builder();
        for (String aggregation : new String[] {"enable 1", "enable 3", "disable 1", "automatic 2"}) {
            String[] words = aggregation.split(" ");
            for (String sieving : new String[] {"enable", "disable", "automatic"}) {
                ways.add(Arguments.of(Map.of("romio_cb_write", words[0], "romio_cb_read", words[0],
                        "cb_nodes", words[1], "romio_ds_write", sieving, "romio_ds_read", sieving, "cb_buffer_size",
                        "65536", "ind_rd_buffer_size", "65536", "ind_wr_buffer_size", "65536")));
            }
        }
        return ways.build();
    }

    /** A view of rank {@code rank} that no other rank's view overlaps: a random share of each tile. */
    private static TypeMap share(int rank, int ranks, int tile, Random random, boolean gaps) {
        int units = tile / 4;
        int[] owner = new int[units];
        for (int i = 0; i < units; i++) {
            owner[i] = i < ranks ? i : gaps && random.nextInt(4) == 0 ? -1 : random.nextInt(ranks);
        }
        int[] lengths = new int[units];
        int[] starts = new int[units];
        int blocks = 0;
        for (int i = 0; i < units; i++) {
            if (owner[i] == rank) {
                starts[blocks] = i;
                lengths[blocks++] = 1;
            }
        }
        TypeMap part = DerivedTypes.indexed(Arrays.copyOf(lengths, blocks),
                Arrays.copyOf(starts, blocks), INT);
        return DerivedTypes.resized(part, 0, tile);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void interleavedViewsKeepEveryByte(Map<String, String> hints) throws Exception {
        Path path = directory.resolve("interleaved");
        int ranks = 4;
        int tile = 400;
        int displacement = 36;
        byte[] before = new byte[150_000];
        new Random(1).nextBytes(before);
        Files.write(path, before);
        AtomicReferenceArray<int[]> written = new AtomicReferenceArray<>(ranks);
        for (boolean collective : new boolean[] {true, false}) {
            job().run(ranks, world -> {
                int me = world.rank();
                TypeMap mine = share(me, ranks, tile, new Random(7), true);
                ParallelFile file = open(world, path, CREATE, hints);
                file.setView(displacement, INT, mine, "native", Map.of());
                int perTile = (int) (mine.size() / 4);
                int[] data = new int[perTile * 500 + 3];
                Arrays.setAll(data, i -> (me + 1) * 1_000_000 + i);
                assertEquals(4L * (data.length - 5), move(file, true, collective, 5, data, data.length - 5, INT));
                world.progress().poll();
                file.sync();
                int[] back = new int[data.length - 5];
                assertEquals(4L * back.length, move(file, false, collective, 5, back, back.length, INT));
                assertArrayEquals(Arrays.copyOf(data, back.length), back);
                written.set(me, back);
                file.close();
            });
            byte[] after = Files.readAllBytes(path);
            byte[] expected = Arrays.copyOf(before, after.length);
            ByteBuffer view = ByteBuffer.wrap(expected).order(ByteOrder.nativeOrder());
            for (int rank = 0; rank < ranks; rank++) {
                BlockSequence blocks = new BlockSequence(
                        displacement, share(rank, ranks, tile, new Random(7), true));
                int[] data = written.get(rank);
                for (int i = 0; i < data.length; i++) {
                    view.putInt((int) blocks.offsetOf(20 + 4L * i), data[i]);
                }
            }
            assertArrayEquals(expected, after);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void columnsOfAMatrixFormIt(Map<String, String> hints) throws Exception {
        int ranks = 4;
        int rows = 300;
        int width = 64;
        Path path = directory.resolve("matrix");
        job().run(ranks, world -> {
            int me = world.rank();
            TypeMap column = DerivedTypes.vector(rows, 1, width, INT);
            TypeMap columns = DerivedTypes.resized(column, 0, 4);
            ParallelFile file = open(world, path, CREATE, hints);
            // Each rank has every fourth int, as one strided run.
            file.setView(4L * me, INT, DerivedTypes.resized(INT, 0, 4 * ranks), "native", Map.of());
            int[] data = new int[rows * width / ranks];
            Arrays.setAll(data, i -> i * ranks + me);
            move(file, true, true, 0, data, data.length, INT);
            // Read back by columns into a transposed buffer, through a view whose elements overlap.
            file.setView(0, INT, columns, "native", Map.of());
            int[] mine = new int[rows];
            assertEquals(4L * rows, move(file, false, true, (long) rows * me, mine, rows, INT));
            for (int row = 0; row < rows; row++) {
                assertEquals(row * width + me, mine[row]);
            }
            file.close();
        });
        assertEquals(4L * rows * width, Files.size(path));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void readsEndAtTheEndOfTheFile(Map<String, String> hints) throws Exception {
        Path path = directory.resolve("short");
        byte[] content = new byte[1001];
        new Random(3).nextBytes(content);
        Files.write(path, content);
        job().run(3, world -> {
            int me = world.rank();
            ParallelFile file = open(world, path, AccessMode.RDONLY, hints);
            file.setView(10L * me, BYTE, DerivedTypes.resized(DerivedTypes.contiguous(10, BYTE), 0, 30), "native",
                    Map.of());
            for (boolean collective : new boolean[] {true, false}) {
                byte[] data = new byte[5000];
                long got = move(file, false, collective, 0, data, data.length, BYTE);
                int expected = 0;
                for (int i = 0; i < data.length; i++) {
                    int at = 10 * me + i / 10 * 30 + i % 10;
                    if (at < content.length) {
                        assertEquals(content[at], data[i]);
                        expected++;
                    } else {
                        assertEquals(0, data[i], "the rest of the buffer is left alone");
                    }
                }
                assertEquals(expected, got);
            }
            file.close();
        });
    }

    @ParameterizedTest
    @MethodSource("ways")
    void memoryWithGapsAndOtherRepresentation(Map<String, String> hints) throws Exception {
        Path path = directory.resolve("external");
        int ranks = 3;
        job().run(ranks, world -> {
            int me = world.rank();
            ParallelFile file = open(world, path, CREATE, hints);
            TypeMap pairs = DerivedTypes.resized(DerivedTypes.contiguous(2, INT), 0, 8 * ranks);
            file.setView(8L * me, INT, pairs, "external32", Map.of());
            TypeMap everySecond = DerivedTypes.resized(INT, 0, 8);
            int[] data = new int[2000];
            Arrays.setAll(data, i -> i * 31 + me);
            assertEquals(4000, move(file, true, true, 0, data, 1000, everySecond));
            int[] back = new int[2000];
            Arrays.fill(back, -1);
            assertEquals(4000, move(file, false, true, 0, back, 1000, everySecond));
            for (int i = 0; i < 2000; i++) {
                assertEquals(i % 2 == 0 ? data[i] : -1, back[i]);
            }
            file.close();
        });
        ByteBuffer big = ByteBuffer.wrap(Files.readAllBytes(path));
        assertEquals(4000 * ranks, big.capacity());
        for (int i = 0; i < 1000 * ranks; i++) {
            int rank = i / 2 % ranks;
            int element = i / (2 * ranks) * 2 + i % 2;
            assertEquals(2 * element * 31 + rank, big.getInt(4 * i));
        }
    }

    @Test
    void sharedAndOrderedAccess() throws Exception {
        Path path = directory.resolve("shared");
        int ranks = 4;
        job().run(ranks, world -> {
            int me = world.rank();
            ParallelFile file = open(world, path, CREATE, Map.of());
            for (int i = 0; i < 50; i++) {
                FileRequest request = file.access(new AccessKind(true, Pointer.SHARED, false, i % 2 == 0), 0,
                        new byte[] {(byte) me, (byte) i}, 0, 2, BYTE);
                world.progress().await(request);
                assertEquals(2, request.result());
            }
            file.seekShared(0, ParallelFile.SEEK_CUR);
            assertEquals(2L * 50 * ranks, file.sharedPosition());
            byte[] mine = new byte[me + 1];
            Arrays.fill(mine, (byte) (100 + me));
            FileRequest ordered = file.access(new AccessKind(true, Pointer.SHARED, true, false), 0, mine, 0,
                    mine.length, BYTE);
            world.progress().await(ordered);
            assertEquals(me + 1, ordered.result());
            file.close();
        });
        byte[] content = Files.readAllBytes(path);
        assertEquals(2 * 50 * ranks + 10, content.length);
        int[][] seen = new int[ranks][50];
        for (int i = 0; i < 2 * 50 * ranks; i += 2) {
            seen[content[i]][content[i + 1]]++;
        }
        for (int[] rank : seen) {
            for (int times : rank) {
                assertEquals(1, times);
            }
        }
        byte[] tail = Arrays.copyOfRange(content, 400, 410);
        assertArrayEquals(new byte[] {100, 101, 101, 102, 102, 102, 103, 103, 103, 103}, tail);
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(1, left.count(), "the hidden file is gone");
        }
    }

    @Test
    void atomicWritesDoNotMix() throws Exception {
        Path path = directory.resolve("atomic");
        int length = 40_000;
        job().run(4, world -> {
            ParallelFile file = open(world, path, CREATE, Map.of());
            file.setView(0, BYTE, DerivedTypes.resized(BYTE, 0, 3), "native", Map.of());
            file.setAtomicity(true);
            assertTrue(file.atomicity());
            byte[] data = new byte[length];
            Arrays.fill(data, (byte) (world.rank() + 1));
            for (int i = 0; i < 10; i++) {
                assertEquals(length, move(file, true, i % 2 == 0, 0, data, length, BYTE));
                byte[] back = new byte[length];
                assertEquals(length, move(file, false, false, 0, back, length, BYTE));
                for (byte b : back) {
                    assertEquals(back[0], b);
                }
            }
            file.close();
        });
    }

    @Test
    void errorsReachAllRanks() throws Exception {
        job().run(3, world -> {
            CommException missing = assertThrows(CommException.class,
                    () -> open(world, directory.resolve("absent"), AccessMode.RDONLY, Map.of()));
            assertEquals(ErrorClass.NO_SUCH_FILE, missing.errorClass());
            assertTrue(missing.getMessage().contains("absent"), missing.getMessage());
            CommException different = assertThrows(CommException.class, () -> open(world, directory.resolve("x"),
                    world.rank() == 1 ? AccessMode.RDWR : CREATE, Map.of()));
            assertEquals(ErrorClass.NOT_SAME, different.errorClass());
            ParallelFile file = open(world, directory.resolve("x"), CREATE, Map.of());
            CommException sizes = assertThrows(CommException.class, () -> file.setSize(world.rank()));
            assertEquals(ErrorClass.NOT_SAME, sizes.errorClass());
            CommException negative = assertThrows(CommException.class,
                    () -> file.setSize(world.rank() == 2 ? -1 : 10));
            assertEquals(ErrorClass.ARG, negative.errorClass());
            file.preallocate(5000);
            assertEquals(5000, file.size());
            file.setSize(100);
            assertEquals(100, file.size());
            file.close();
            assertEquals(ErrorClass.FILE, assertThrows(CommException.class, file::size).errorClass());
        });
        assertFalse(Files.exists(directory.resolve("absent")));
    }
}
