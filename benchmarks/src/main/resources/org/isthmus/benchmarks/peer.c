/*
 * The loops of JobBenchmark for a native MPI: peer METRIC[,METRIC...]. Rank 0 prints "METRIC UNIT VALUE" lines.
 * Same operations, counts, windows and rounds; buffers from calloc, statuses ignored.
 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WINDOW = 64, ROUNDS = 3, BLOCK = 100, ROUND_NANOS = 200000000, PIECE = 16 << 20 };

#define FILE_NAME "isthmus-bench.dat"

static const MPI_Comm world = MPI_COMM_WORLD;
static int rank, size;
static double init_ms;

static double nanos(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static double at_least(double least, double n) { return n < least ? least : n; }

static double at_most(double most, double n) { return n > most ? most : n; }

static long messages(long bytes) { return (long)at_least(20, at_most(200000, 2e9 / at_least(10000, bytes))); }

static long collectives(double bytes) {
    double most = size <= 2 ? 50000 : size <= 8 ? 4000 : 16000.0 / size;
    return (long)at_least(10, at_most(most, 4e8 / at_least(1, bytes) / size));
}

static void *memory(size_t bytes) {
    void *m = calloc(bytes, 1);
    if (m == NULL) {
        MPI_Abort(world, 1);
    }
    return m;
}

static double latency(long bytes) {
    char *m = memory(bytes);
    long n = messages(bytes);
    double start = nanos();
    for (long i = 0; i < n && rank < 2; i++) {
        if (rank == 0) {
            MPI_Send(m, bytes, MPI_BYTE, 1, 1, world);
            MPI_Recv(m, bytes, MPI_BYTE, 1, 1, world, MPI_STATUS_IGNORE);
        } else {
            MPI_Recv(m, bytes, MPI_BYTE, 0, 1, world, MPI_STATUS_IGNORE);
            MPI_Send(m, bytes, MPI_BYTE, 0, 1, world);
        }
    }
    double value = (nanos() - start) / 2 / n;
    free(m);
    return value;
}

static double streams(long bytes, long windows) {
    int pairs = size / 2;
    char *m = memory(bytes * WINDOW), ack[4];
    MPI_Request r[WINDOW];
    double start = nanos();
    for (long w = 0; w < windows && rank < pairs; w++) {
        for (int i = 0; i < WINDOW; i++) {
            MPI_Isend(m + i * bytes, bytes, MPI_BYTE, rank + pairs, 2, world, &r[i]);
        }
        MPI_Waitall(WINDOW, r, MPI_STATUSES_IGNORE);
        MPI_Recv(ack, 4, MPI_BYTE, rank + pairs, 3, world, MPI_STATUS_IGNORE);
    }
    for (long w = 0; w < windows && rank >= pairs && rank < 2 * pairs; w++) {
        for (int i = 0; i < WINDOW; i++) {
            MPI_Irecv(m + i * bytes, bytes, MPI_BYTE, rank - pairs, 2, world, &r[i]);
        }
        MPI_Waitall(WINDOW, r, MPI_STATUSES_IGNORE);
        MPI_Send(ack, 4, MPI_BYTE, rank - pairs, 3, world);
    }
    MPI_Barrier(world);
    double value = (double)windows * WINDOW * pairs / ((nanos() - start) / 1e9);
    free(m);
    return value;
}

static double bandwidth(long bytes) { return streams(bytes, at_least(4, messages(bytes) / WINDOW)) * bytes / 1e6; }

static double rate(long bytes) { return streams(bytes, at_least(20, messages(bytes) / WINDOW)); }

static double allreduce(long doubles) {
    double *in = memory(doubles * 8), *out = memory(doubles * 8);
    long n = collectives(doubles * 8.0);
    for (long i = 0; i < doubles; i++) {
        in[i] = rank + i;
    }
    double start = nanos();
    for (long i = 0; i < n; i++) {
        MPI_Allreduce(in, out, doubles, MPI_DOUBLE, MPI_SUM, world);
    }
    double value = (nanos() - start) / n;
    free(in);
    free(out);
    return value;
}

static double barrier(long unused) {
    (void)unused;
    long n = collectives(8);
    double start = nanos();
    for (long i = 0; i < n; i++) {
        MPI_Barrier(world);
    }
    return (nanos() - start) / n;
}

static double bcast(long bytes) {
    char *m = memory(bytes);
    long n = collectives(bytes);
    double start = nanos();
    for (long i = 0; i < n; i++) {
        MPI_Bcast(m, bytes, MPI_BYTE, i % size, world);
    }
    double value = (nanos() - start) / n;
    free(m);
    return value;
}

static double alltoall(long bytes) {
    char *in = memory(bytes * size), *out = memory(bytes * size);
    long n = collectives((double)bytes * size);
    double start = nanos();
    for (long i = 0; i < n; i++) {
        MPI_Alltoall(in, bytes, MPI_BYTE, out, bytes, MPI_BYTE, world);
    }
    double value = (nanos() - start) / n;
    free(in);
    free(out);
    return value;
}

/* Rank 0 works on the window of the last rank, with a flush after each operation. */
static double one_sided(char kind, long bytes) {
    char *m, *window;
    long n = 0, one = 0, old;
    int target = size - 1;
    MPI_Win win;
    m = memory(bytes);
    MPI_Win_allocate(bytes, 1, MPI_INFO_NULL, world, &window, &win);
    MPI_Win_lock_all(0, win);
    double start = nanos(), elapsed = 0;
    while (rank == 0 && elapsed < ROUND_NANOS) {
        for (int i = 0; i < BLOCK; i++) {
            if (kind == 'p') {
                MPI_Put(m, bytes, MPI_BYTE, target, 0, bytes, MPI_BYTE, win);
            } else if (kind == 'g') {
                MPI_Get(m, bytes, MPI_BYTE, target, 0, bytes, MPI_BYTE, win);
            } else {
                MPI_Fetch_and_op(&one, &old, MPI_LONG, target, 0, MPI_SUM, win);
            }
            MPI_Win_flush(target, win);
        }
        n += BLOCK;
        elapsed = nanos() - start;
    }
    double value = elapsed / at_least(1, n);
    MPI_Win_unlock_all(win);
    MPI_Win_free(&win);
    free(m);
    return value;
}

static double put(long bytes) { return one_sided('p', bytes); }

static double get(long bytes) { return one_sided('g', bytes); }

static double fetchandop(long unused) {
    (void)unused;
    return one_sided('f', sizeof(long));
}

static long *content(void) {
    long *m = memory(PIECE);
    for (long i = 0; i < PIECE / 8; i++) {
        m[i] = 31 * 8 * i + rank;
    }
    return m;
}

/* A file of 1 GiB in the working directory, in which blocks of the ranks take turns. */
static double file_rate(long block, int mode, void *piece) {
    long pieces = (long)at_least(1, (1L << 30) / size / PIECE);
    MPI_Datatype bytes, turn;
    MPI_File file;
    MPI_Type_contiguous(block, MPI_BYTE, &bytes);
    MPI_Type_create_resized(bytes, 0, block * size, &turn);
    MPI_Type_commit(&turn);
    MPI_Barrier(world);
    double start = nanos();
    if (MPI_File_open(world, FILE_NAME, mode, MPI_INFO_NULL, &file) != MPI_SUCCESS) {
        fprintf(stderr, "peer: cannot open %s\n", FILE_NAME);
        MPI_Abort(world, 1);
    }
    MPI_File_set_view(file, rank * block, MPI_BYTE, turn, "native", MPI_INFO_NULL);
    for (long i = 0; i < pieces; i++) {
        if (mode == MPI_MODE_RDONLY) {
            MPI_File_read_all(file, piece, PIECE, MPI_BYTE, MPI_STATUS_IGNORE);
        } else {
            MPI_File_write_all(file, piece, PIECE, MPI_BYTE, MPI_STATUS_IGNORE);
        }
    }
    MPI_File_close(&file);
    MPI_Barrier(world);
    double seconds = (nanos() - start) / 1e9;
    MPI_Type_free(&turn);
    MPI_Type_free(&bytes);
    return (double)pieces * size * PIECE / seconds / 1e6;
}

static double file_loop(long block, int back) {
    long *written = content(), *piece = memory(PIECE);
    double value = file_rate(block, MPI_MODE_CREATE | MPI_MODE_WRONLY, written);
    if (back) {
        value = file_rate(block, MPI_MODE_RDONLY, piece);
        if (memcmp(piece, written, PIECE) != 0) {
            fprintf(stderr, "peer: rank %d has read other bytes than it wrote\n", rank);
            MPI_Abort(world, 1);
        }
    }
    if (rank == 0) {
        MPI_File_delete(FILE_NAME, MPI_INFO_NULL);
    }
    MPI_Barrier(world);
    free(piece);
    free(written);
    return value;
}

static double filewrite(long block) { return file_loop(block, 0); }

static double fileread(long block) { return file_loop(block, 1); }

static double init(long unused) {
    (void)unused;
    return init_ms;
}

static const struct {
    const char *name, *unit;
    double (*loop)(long);
} metrics[] = {
    {"lat", "ns", latency}, {"heaplat", "ns", latency}, {"bw", "MB/s", bandwidth}, {"rate", "messages/s", rate},
    {"allreduce", "ns", allreduce}, {"barrier", "ns", barrier}, {"bcast", "ns", bcast}, {"alltoall", "ns", alltoall},
    {"put", "ns", put}, {"get", "ns", get}, {"fetchandop", "ns", fetchandop}, {"filewrite", "MB/s", filewrite},
    {"fileread", "MB/s", fileread}, {"init", "ms", init},
};

static void measure(const char *text) {
    char name[32] = "";
    long argument = 0;
    sscanf(text, "%31[^:]:%ld", name, &argument);
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++) {
        if (strcmp(metrics[i].name, name) == 0) {
            int high = strstr(metrics[i].unit, "/s") != NULL;
            double best = 0;
            for (int round = 0; round <= ROUNDS; round++) {
                MPI_Barrier(world);
                double value = metrics[i].loop(argument);
                if (round == 1 || (round > 1 && (high ? value > best : value < best))) {
                    best = value;
                }
            }
            if (rank == 0) {
                printf("%s %s %.1f\n", text, metrics[i].unit, best);
            }
            return;
        }
    }
    fprintf(stderr, "peer: there is no metric %s\n", text);
    MPI_Abort(world, 2);
}

int main(int argc, char **argv) {
    double start = nanos();
    MPI_Init(&argc, &argv);
    init_ms = (nanos() - start) / 1e6;
    MPI_Comm_rank(world, &rank);
    MPI_Comm_size(world, &size);
    for (char *metric = argc > 1 ? strtok(argv[1], ",") : NULL; metric != NULL; metric = strtok(NULL, ",")) {
        measure(metric);
    }
    MPI_Barrier(world);
    MPI_Finalize();
    return 0;
}
