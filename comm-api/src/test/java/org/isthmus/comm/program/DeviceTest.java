package org.isthmus.comm.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mpi.MPI;
import org.isthmus.comm.device.TestCuda;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Jobs whose ranks have a device: that of the driver in {@code test_cuda.c}. */
class DeviceTest {
    private static final int JOB_SECONDS = 60;

    private static Map<String, String> settings(String... more) throws Exception {
        Map<String, String> settings =
                new HashMap<>(Map.of("ISTHMUS_CUDA", "on", "ISTHMUS_CUDA_LIBRARY", TestCuda.build()));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    @TestFactory
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    Stream<DynamicContainer> messages() throws Exception {
        Stream.Builder<DynamicContainer> jobs = Stream.builder();
        for (int ranks : new int[] {1, 2, 3}) {
            jobs.add(DynamicContainer.dynamicContainer(ranks + " ranks",
                    new ProgramSuite(ranks, MPI.THREAD_SINGLE, settings()).run(DevicePrograms.class)));
        }
        jobs.add(DynamicContainer.dynamicContainer("a slow device", new ProgramSuite(2, MPI.THREAD_MULTIPLE,
                settings("CUDA_TEST_DELAY", "300")).run(DevicePrograms.class)));
        jobs.add(DynamicContainer.dynamicContainer("a driver that pins nothing", new ProgramSuite(2, MPI.THREAD_SINGLE,
                settings("CUDA_TEST_FAIL", allCalls("cuMemHostRegister_v2", 801))).run(DevicePrograms.class)));
        return jobs.build();
    }

    private static String allCalls(String function, int answer) {
        List<String> faults = new ArrayList<>();
        for (int call = 1; call <= 200; call++) {
            faults.add(function + ":" + call + ":" + answer);
        }
        return String.join(",", faults);
    }

    /** An error of the driver ends the job and is told. */
    @TestFactory
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    Stream<DynamicTest> errorsOfTheDriverAreTold() {
        record Fault(String program, String function, int call, int answer, String says) {}
        return Stream.of(
                new Fault("fromDeviceToDevice", "cuStreamCreate", 2, 2, "free memory of the device"),
                new Fault("aLongMessage", "cuMemcpyDtoHAsync_v2", 2, 700, "CUDA_ERROR_ILLEGAL_ADDRESS"),
                new Fault("aLongMessage", "cuMemcpyHtoDAsync_v2", 3, 700, "one allocation of the device"),
                new Fault("aLongMessage", "cuEventQuery", 1, 700, "compute-sanitizer"),
                new Fault("fromDeviceToDevice", "cuEventRecord", 1, 201, "until MPI.Finalize"),
                new Fault("datatypesWithGaps", "cuModuleLoadData", 1, 222, "the driver does not take the kernels"),
                new Fault("datatypesWithGaps", "cuLaunchKernel", 2, 719, "cuLaunchKernel answered 719"),
                new Fault("reductions", "cuPointerGetAttributes", 2, 999, "cuPointerGetAttributes answered 999"))
                .map(fault -> DynamicTest.dynamicTest(fault.toString(), () -> {
                    try (ProgramJob job = ProgramJob.start(2, ProgramMain.class,
                            List.of("0", "DevicePrograms#" + fault.program),
                            settings("CUDA_TEST_FAIL",
                                    fault.function + ":" + fault.call + ":" + fault.answer))) {
                        assertTrue(job.await(JOB_SECONDS), () -> "does not end: " + report(job));
                        assertTrue(job.exitCodes().stream().allMatch(code -> code != 0), () -> report(job));
                        assertTrue(report(job).contains(fault.function + " answered " + fault.answer),
                                () -> report(job));
                        assertTrue(report(job).contains(fault.says), () -> report(job));
                        assertEquals(List.of(), job.leftInSharedMemory());
                    }
                }));
    }

    private static String report(ProgramJob job) {
        try {
            return job.report();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void whatIsMissingIsSaidAtTheStart() throws Exception {
        startFails(Map.of("ISTHMUS_CUDA", "on", "ISTHMUS_CUDA_LIBRARY", "/nowhere/libcuda.so.1"),
                "/nowhere/libcuda.so.1, cannot be loaded: install NVIDIA's driver");
        startFails(settings("CUDA_TEST_FAIL", "cuInit:1:100"),
                "cuInit answered 100 (CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected); nvidia-smi");
    }

    private static void startFails(Map<String, String> settings, String says) throws Exception {
        try (ProgramJob job = ProgramJob.start(1, ProgramMain.class, List.of("0", "DevicePrograms#messagesToItself"),
                settings)) {
            assertTrue(job.await(JOB_SECONDS), () -> "does not end: " + report(job));
            assertTrue(job.exitCodes().getFirst() != 0, () -> report(job));
            assertTrue(report(job).contains(says), () -> report(job));
        }
    }

    /** Neither a rank without a driver nor one that is told not to use it loads anything for devices. */
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void nothingIsLoadedWithoutDevices() throws Exception {
        assertEquals(List.of(), loaded(Map.of("ISTHMUS_CUDA", "off", "ISTHMUS_CUDA_LIBRARY", TestCuda.build())));
        if (!Files.exists(Path.of("/dev/nvidiactl"))) {
            assertEquals(List.of(), loaded(Map.of()));
        }
        assertFalse(loaded(settings()).isEmpty(), "with a device something is loaded");
    }

    /** Classes for devices that the first rank of a job loads whose messages lie in memory of the host of each kind. */
    private static List<String> loaded(Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("JAVA_TOOL_OPTIONS", "-Xlog:class+load:stdout");
        try (ProgramJob job = ProgramJob.start(2, ProgramMain.class, List.of("0", "PointToPointPrograms#blockingModes",
                "BufferPrograms", "DatatypePrograms", "ReductionPrograms"), all)) {
            assertTrue(job.await(JOB_SECONDS), () -> "does not end: " + report(job));
            assertTrue(job.exitCodes().stream().allMatch(code -> code == 0), () -> report(job));
            return job.output(0).lines().filter(line -> line.contains("[class,load]"))
                    .filter(line -> line.contains("org.isthmus.comm.device.") || line.contains("DeviceBuffer")
                            || line.contains("DeviceReductions")).toList();
        }
    }
}
