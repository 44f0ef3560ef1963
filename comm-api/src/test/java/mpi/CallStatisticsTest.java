package mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.IntBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SingleRank.class)
class CallStatisticsTest {
    /** The title, and calls, bytes and name of each row. */
    private static List<String> report(Object title) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream err = System.err;
        try {
            System.setErr(new PrintStream(out, true));
            MPI.pControl(2, title);
        } finally {
            System.setErr(err);
        }
        List<String> lines = out.toString().lines().toList();
        assertTrue(lines.get(1).matches(" +calls +bytes +seconds +call"), lines.get(1));
        return lines.stream().filter(line -> line != lines.get(1))
                .map(line -> line.replaceFirst(" +([0-9]+) +([0-9]+) +[0-9]+[.][0-9]{6} +(\\w+)", "$1 $2 $3")).toList();
    }

    @AfterEach
    void stop() {
        MPI.pControl(0, null);
        CallStatistics.takeReport("");
    }

    @Test
    void messagesAndCollectivesAreCounted() throws MPIException {
        IntBuffer in = MPI.newIntBuffer(8);
        MPI.pControl(1, null);
        for (int i = 0; i < 3; i++) {
            Request receive = MPI.COMM_SELF.iRecv(in, 8, MPI.INT, 0, 0);
            MPI.COMM_SELF.send(new int[5], 5, MPI.INT, 0, 0);
            receive.waitFor();
        }
        MPI.COMM_SELF.iSend(in, 2, MPI.INT, 0, 1);
        MPI.COMM_SELF.recv(new int[2], 2, MPI.INT, 0, 1);
        Prequest persistent = MPI.COMM_SELF.recvInit(in, 1, MPI.INT, 0, 2);
        persistent.start();
        MPI.COMM_SELF.isSend(MPI.newDoubleBuffer(0), 0, MPI.DOUBLE, 0, 2);
        persistent.waitFor();
        persistent.free();
        MPI.COMM_SELF.barrier();
        MPI.COMM_SELF.bcast(new double[4], 4, MPI.DOUBLE, 0);
        MPI.COMM_SELF.allReduce(new long[2], 2, MPI.LONG, MPI.SUM);
        MPI.COMM_SELF.iReduceScatterBlock(MPI.newIntBuffer(1), 1, MPI.INT, MPI.SUM).waitFor();
        MPI.COMM_SELF.reduceScatter(new char[3], new int[] {3}, MPI.CHAR, MPI.SUM);
        MPI.COMM_SELF.allGatherv(new byte[6], 6, MPI.BYTE, new byte[6], new int[] {6}, new int[1], MPI.BYTE);
        MPI.COMM_SELF.allToAllv(new byte[7], new int[] {7}, new int[1], MPI.BYTE, new byte[7], new int[] {7},
                new int[1], MPI.BYTE);
        assertEquals(List.of("rank 0: first part", "1 6 MPI_Allgatherv", "1 16 MPI_Allreduce", "1 7 MPI_Alltoallv",
                "1 0 MPI_Barrier", "1 32 MPI_Bcast", "3 96 MPI_Irecv", "1 4 MPI_Ireduce_scatter_block", "1 8 MPI_Isend",
                "1 0 MPI_Issend", "1 8 MPI_Recv", "1 6 MPI_Reduce_scatter", "3 60 MPI_Send", "1 4 MPI_Start"),
                report("first part"));
    }

    @Test
    void aReportBeginsAnewAndTheRestIsIgnored() throws MPIException {
        MPI.COMM_SELF.barrier();
        MPI.pControl(1, null);
        MPI.pControl(1, null);
        MPI.COMM_SELF.barrier();
        for (int level : new int[] {-1, 4, Integer.MAX_VALUE}) {
            MPI.pControl(level, "ignored");
        }
        assertEquals(List.of("rank 0: calls counted by pControl", "1 0 MPI_Barrier"), report(null));
        MPI.COMM_SELF.barrier();
        MPI.COMM_SELF.barrier();
        MPI.pControl(0, null);
        MPI.COMM_SELF.barrier();
        assertEquals(List.of("rank 0: 7", "2 0 MPI_Barrier"), report(7));
        assertEquals(List.of("rank 0: 8"), report(8));
    }

    @Test
    void callsThatFailAreReportedAsEver() {
        MPI.pControl(1, null);
        SingleRank.assertRaises(MPI.ERR_BUFFER, "4 bytes",
                () -> MPI.COMM_SELF.send(new int[1], 2, MPI.INT, 0, 0));
        SingleRank.assertRaises(MPI.ERR_TRUNCATE, "", () -> {
            Request receive = MPI.COMM_SELF.iRecv(MPI.newIntBuffer(1), 1, MPI.INT, 0, 0);
            MPI.COMM_SELF.send(new int[2], 2, MPI.INT, 0, 0);
            receive.waitFor();
        });
        assertEquals(List.of("rank 0: calls counted by pControl", "1 4 MPI_Irecv", "1 8 MPI_Send"), report(null));
    }
}
