package org.isthmus.comm.program;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mpi.MPI;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The API in jobs of one to nine ranks: every program on 1 to 5 and 9, those of many ranks together on 8 as well, a
 * power of two that takes several steps.
 */
class ProgramTest {
    private static final Class<?>[] TOGETHER = {CollectivePrograms.class, VectorCollectivePrograms.class,
        ReductionPrograms.class, CommunicatorPrograms.class, TopologyPrograms.class, NeighbourPrograms.class,
        IntercommPrograms.class, OneSidedPrograms.class, ExtensionPrograms.class, OddGroupPrograms.class};
    private static final Class<?>[] OTHERS = {PointToPointPrograms.class, BufferPrograms.class, ProbePrograms.class,
        RequestPrograms.class, DatatypePrograms.class, EnvironmentPrograms.class, BadInputPrograms.class,
        HabitPrograms.class, StructPrograms.class, ComplexPrograms.class, BadWindowPrograms.class,
        WrongCallPrograms.class, OddUsePrograms.class, OddWindowPrograms.class};

    @TestFactory
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    Stream<DynamicContainer> onOneToNineRanks() throws Exception {
        Stream.Builder<DynamicContainer> jobs = Stream.builder();
        Class<?>[] all = Stream.of(OTHERS, TOGETHER).flatMap(Stream::of).toArray(Class<?>[]::new);
        for (int ranks : new int[] {1, 2, 3, 4, 5, 8, 9}) {
            jobs.add(DynamicContainer.dynamicContainer(ranks + " ranks",
                    ProgramSuite.run(ranks, ranks == 8 ? TOGETHER : all)));
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
