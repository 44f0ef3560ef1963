package org.isthmus.launch.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.isthmus.launch.doctor.Finding.Grade;
import org.isthmus.node.config.Settings;
import org.isthmus.node.spi.Diagnosis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each check on a machine made of files. */
class DoctorTest {
    private static final String LIMITS = "Limit                     Soft Limit           Hard Limit           Units\n";

    @TempDir
    Path root;

    private void file(String absolute, String text) throws IOException {
        Path path = root.resolve(absolute.substring(1));
        Files.createDirectories(path.getParent());
        Files.writeString(path, text + "\n");
    }

    private static Settings settings(String... pairs) {
        Properties properties = new Properties();
        for (int i = 0; i < pairs.length; i += 2) {
            properties.setProperty(pairs[i], pairs[i + 1]);
        }
        return Settings.of(Map.of(), properties);
    }

    private List<Finding> look(Check check, String... pairs) throws IOException {
        List<Finding> findings = check.look(new Machine(root), settings(pairs));
        for (Finding finding : findings) {
            assertEquals(finding.grade() == Grade.OK, finding.advice().isEmpty(), finding.toString());
        }
        return findings;
    }

    private Finding only(Check check, String... pairs) throws IOException {
        List<Finding> findings = look(check, pairs);
        assertEquals(1, findings.size(), findings.toString());
        return findings.getFirst();
    }

    @Test
    void thisMachineIsExaminedAndEverySubjectIsNamed() throws IOException {
        List<Finding> findings = Doctor.examine(settings());
        assertTrue(findings.size() > 5, findings.toString());
        assertTrue(findings.stream().noneMatch(finding -> finding.found().isEmpty()), findings.toString());
    }

    @Test
    void filesOfTheKernelAreReadWhole() {
        Machine machine = new Machine(Path.of("/"));
        machine.read("/proc/sys/net/ipv4/tcp_rmem").ifPresent(text -> assertEquals(3, text.split("\\s+").length, text));
    }

    @Test
    void anEmptyMachineIsNoError() throws IOException {
        assertFalse(Doctor.examine(new Machine(root), settings()).isEmpty());
    }

    @Test
    void sharedMemoryMustBeThereAndOnATmpfs() throws IOException {
        Finding missing = only(new SharedMemoryCheck(), "isthmus.shm.dir", root.resolve("none").toString());
        assertEquals(Grade.PROBLEM, missing.grade());
        assertTrue(missing.found().contains("does not exist"));
        Path disk = Path.of("").toAbsolutePath();
        if (!Files.getFileStore(disk).type().equals("tmpfs")) {
            assertEquals(Grade.NOTE, only(new SharedMemoryCheck(), "isthmus.shm.dir", disk.toString()).grade());
        }
    }

    @ParameterizedTest
    @CsvSource({"max 100000, OK", "10000 100000, NOTE", "100000000 100000, OK"})
    void aQuotaBelowTheProcessorsIsNoted(String quota, Grade grade) throws IOException {
        file("/sys/fs/cgroup/cpu.max", quota);
        assertEquals(grade, only(new ProcessorCheck()).grade());
    }

    @ParameterizedTest
    @CsvSource({"1048576, 63000, OK, OK", "256, unlimited, PROBLEM, OK", "unlimited, 100, OK, PROBLEM"})
    void limitsOfFilesAndProcesses(String files, String processes, Grade ofFiles, Grade ofProcesses)
            throws IOException {
        file("/proc/self/limits", LIMITS
                + "Max processes             " + processes + "                63000                processes \n"
                + "Max open files            " + files + "              1048576              files     ");
        assertEquals(List.of(ofFiles, ofProcesses), look(new LimitCheck()).stream().map(Finding::grade).toList());
    }

    @ParameterizedTest
    @CsvSource({"0, OK", "1, NOTE", "3, NOTE"})
    void aPtraceScopeCostsACopy(String scope, Grade grade) throws IOException {
        file("/proc/sys/kernel/yama/ptrace_scope", scope);
        assertEquals(grade, only(new SingleCopyCheck()).grade());
    }

    @ParameterizedTest
    @CsvSource({"tsc, OK", "hpet, NOTE"})
    void aSlowClockIsNoted(String source, Grade grade) throws IOException {
        file("/sys/devices/system/clocksource/clocksource0/current_clocksource", source);
        assertEquals(grade, only(new ClockCheck()).grade());
    }

    @ParameterizedTest
    @CsvSource({"6291456, OK", "212992, NOTE"})
    void smallSocketBuffersAreNoted(String most, Grade grade) throws IOException {
        file("/proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t" + most);
        assertEquals(grade, only(new SocketBufferCheck()).grade());
    }

    @ParameterizedTest
    @CsvSource({"32768 60999, OK", "50000 50100, NOTE"})
    void fewPortsAreNoted(String range, Grade grade) throws IOException {
        file("/proc/sys/net/ipv4/ip_local_port_range", range.replace(' ', '\t'));
        assertEquals(grade, only(new PortCheck()).grade());
    }

    @ParameterizedTest
    @CsvSource({"'127.0.0.1,127.0.0.2', OK", "192.0.2.1, PROBLEM"})
    void addressesMustBeThisNodes(String addresses, Grade grade) throws IOException {
        assertEquals(grade, only(new AddressCheck(), "isthmus.tcpx.addresses", addresses).grade());
    }

    @Test
    void whatABackendFindsIsGraded() {
        assertEquals(Grade.OK, BackendCheck.finding(Diagnosis.fine("a", "b")).grade());
        assertEquals(Grade.NOTE, BackendCheck.finding(Diagnosis.slow("a", "b", "c")).grade());
        assertEquals(Finding.problem("a", "b", "c"), BackendCheck.finding(Diagnosis.failing("a", "b", "c")));
    }

    @Test
    void moreRequestsThanSlotsAreAProblem() throws IOException {
        assertEquals(Grade.OK, only(new RequestWindowCheck()).grade());
        Finding finding = only(new RequestWindowCheck(), "isthmus.tcpx.window.send", "16",
                "isthmus.tcpx.window.receive", "8");
        assertEquals(Grade.PROBLEM, finding.grade());
        assertTrue(finding.found().contains("16") && finding.found().contains("8"), finding.found());
    }

    private void device(String state, String gid) throws IOException {
        file("/sys/class/infiniband/rxe0/ports/1/state", state);
        file("/sys/class/infiniband/rxe0/ports/1/gids/0", gid);
    }

    @Test
    void aMachineWithoutRdmaIsFine() throws IOException {
        assertEquals(Grade.OK, only(new RdmaCheck()).grade());
    }

    @Test
    void aUsableDeviceIsFine() throws IOException {
        device("4: ACTIVE", "fe80:0000:0000:0000:0000:00ff:fe00:0001");
        file("/dev/infiniband/uverbs0", "");
        file("/proc/self/limits",
                LIMITS + "Max locked memory         unlimited            unlimited            bytes     ");
        assertTrue(look(new RdmaCheck()).stream().allMatch(finding -> finding.grade() == Grade.OK));
    }

    @Test
    void overEthernetAnAddressOfRoceV2IsNeeded() throws IOException {
        device("4: ACTIVE", "fe80:0000:0000:0000:0000:00ff:fe00:0001");
        String port = "/sys/class/infiniband/rxe0/ports/1/";
        file(port + "link_layer", "Ethernet");
        file(port + "gid_attrs/types/0", "RoCE v2");
        file(port + "gids/1", "0000:0000:0000:0000:0000:ffff:0a00:020f");
        file(port + "gid_attrs/types/1", "IB/RoCE v1");
        assertTrue(problem("rdma rxe0/1").found().contains("RoCE v2"));
        file(port + "gid_attrs/types/1", "RoCE v2");
        assertTrue(look(new RdmaCheck()).stream().anyMatch(finding -> finding.grade() == Grade.OK
                && finding.found().contains("0a00:020f (GID 1)")), look(new RdmaCheck()).toString());
    }

    @Test
    void whatKeepsADeviceFromBeingUsedIsSaid() throws IOException {
        device("1: DOWN", "");
        assertTrue(problem("rdma rxe0/1").found().contains("down"));
        device("4: ACTIVE", "0000:0000:0000:0000:0000:0000:0000:0000");
        assertTrue(problem("rdma rxe0/1").found().contains("GID"));
        assertTrue(problem("rdma access").found().contains("no /dev/infiniband/uverbs"));
        file("/proc/self/limits",
                LIMITS + "Max locked memory         65536                65536                bytes     ");
        assertEquals("64 KiB, the segment must be locked for RDMA", problem("locked memory").found());
        file("/dev/infiniband/uverbs0", "");
        Files.setPosixFilePermissions(root.resolve("dev/infiniband/uverbs0"),
                PosixFilePermissions.fromString("r--r--r--"));
        if (!Files.isWritable(root.resolve("dev/infiniband/uverbs0"))) { // root may write all the same
            assertTrue(problem("rdma access").advice().contains("0666"));
        }
    }

    @Test
    void cudaIsLookedForWhereADriverOrTheSettingPromisesIt() throws IOException {
        assertEquals("no driver of NVIDIA is loaded (no /dev/nvidiactl)", only(new CudaCheck()).found());
        assertEquals("off by isthmus.cuda", only(new CudaCheck(), "isthmus.cuda", "off").found());
        Finding forced = only(new CudaCheck(), "isthmus.cuda", "on", "isthmus.cuda.library", "/nowhere/libcuda.so.1");
        assertEquals(Grade.NOTE, forced.grade());
        assertTrue(forced.found().contains("/nowhere/libcuda.so.1, cannot be loaded"), forced.found());
        file("/dev/nvidiactl", "");
        assertEquals(Grade.NOTE, only(new CudaCheck(), "isthmus.cuda.library", "/nowhere/libcuda.so.1").grade());
    }

    private Finding problem(String subject) throws IOException {
        return look(new RdmaCheck()).stream()
                .filter(finding -> finding.subject().equals(subject) && finding.grade() == Grade.PROBLEM).findFirst()
                .orElseThrow();
    }
}
