package org.isthmus.comm.program;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mpi.MPI;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** The API in jobs of one to nine ranks: every program on every number of ranks. */
class ProgramTest {
    private static final Class<?>[] PROGRAMS = {PointToPointPrograms.class, BufferPrograms.class, ProbePrograms.class,
        RequestPrograms.class, DatatypePrograms.class, CollectivePrograms.class, VectorCollectivePrograms.class,
        ReductionPrograms.class, CommunicatorPrograms.class, EnvironmentPrograms.class, BadInputPrograms.class,
        HabitPrograms.class, TopologyPrograms.class, NeighbourPrograms.class, IntercommPrograms.class,
        StructPrograms.class, ComplexPrograms.class, OneSidedPrograms.class, BadWindowPrograms.class,
        ExtensionPrograms.class, WrongCallPrograms.class, OddUsePrograms.class,
        OddGroupPrograms.class, OddWindowPrograms.class};

    @TestFactory
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    Stream<DynamicContainer> onOneToNineRanks() throws Exception {
        Stream.Builder<DynamicContainer> jobs = Stream.builder();
        for (int ranks : new int[] {1, 2, 3, 4, 5, 8, 9}) {
            jobs.add(DynamicContainer.dynamicContainer(ranks + " ranks", ProgramSuite.run(ranks, PROGRAMS)));
        }
        return jobs.build();
    }

    @TestFactory
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    Stream<DynamicContainer> withThreads() throws Exception {
        Stream.Builder<DynamicContainer> jobs = Stream.builder();
        for (int ranks : new int[] {1, 2, 4}) {
            jobs.add(DynamicContainer.dynamicContainer(ranks + " ranks",
                    new ProgramSuite(ranks, MPI.THREAD_MULTIPLE, Map.of()).run(ThreadPrograms.class)));
        }
        return jobs.build();
    }

    @TestFactory
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    Stream<DynamicTest> inASegmentOfSixteenMegabytes() throws Exception {
        return new ProgramSuite(3, MPI.THREAD_SINGLE, Map.of("ISTHMUS_SEGMENT_WINDOW", "16m"))
                .run(FullSegmentPrograms.class);
    }

    @TestFactory
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    Stream<DynamicTest> aMessageOfMoreThanTwoGibibytes() throws Exception {
        return ProgramSuite.run(2, LargeMessagePrograms.class);
    }
}
