package org.isthmus.dist;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may import whom, over the classes that are shipped. */
class ArchitectureTest {
    private static final String ALLOCATOR = "org.isthmus.allocator..";
    private static final String NODE = "org.isthmus.node..";
    private static final String TCPX = "org.isthmus.tcpx..";
    private static final String RDMA = "org.isthmus.rdma..";
    private static final String DISNI = "com.ibm.disni..";
    private static final String ENGINE = "org.isthmus.comm..";
    private static final String API = "mpi..";
    /** Additions to the API, and how they reach what it keeps to itself. */
    private static final String EXTENSIONS = "org.isthmus";
    private static final String ACCESS = "org.isthmus.access..";
    private static final String LAUNCH = "org.isthmus.launch..";
    private static final String EXAMPLES = "org.isthmus.examples..";
    private static final String BENCHMARKS = "org.isthmus.benchmarks..";
    private static final String ALLOCATOR_BENCHMARKS = "org.isthmus.benchmarks.allocator..";

    private static JavaClasses shipped;

    @BeforeAll
    static void readJars() throws IOException {
        try (JarFile isthmus = new JarFile("target/isthmus.jar"); JarFile examples =
                new JarFile("target/isthmus-examples.jar");
                JarFile rdma = new JarFile("target/isthmus-rdma.jar")) {
            shipped = new ClassFileImporter().importJars(isthmus, examples, rdma);
        }
    }

    @Test
    void allocatorImportsTheJdkAlone() {
        onlyImports(ALLOCATOR, ALLOCATOR);
    }

    @Test
    void nodeImportsAllocatorAlone() {
        onlyImports(NODE, NODE, ALLOCATOR, "javax.crypto.."); // in java.base
    }

    @Test
    void tcpxImportsNodeAlone() {
        onlyImports(TCPX, TCPX, NODE, "javax.crypto.."); // in java.base
    }

    @Test
    void rdmaImportsNodeAndDisniAlone() {
        onlyImports(RDMA, RDMA, NODE, DISNI);
    }

    @Test
    void nobodyElseImportsRdma() {
        check(noClasses().that().resideOutsideOfPackage(RDMA).should().dependOnClassesThat()
                .resideInAnyPackage(RDMA, DISNI));
    }

    @Test
    void engineKnowsNothingOfTheApiAboveIt() {
        onlyImports(ENGINE, ENGINE, NODE, ALLOCATOR);
    }

    @Test
    void apiStandsOnTheEngine() {
        onlyImports(API, API, ENGINE, EXTENSIONS, ACCESS, "org.isthmus.node.config..");
    }

    @Test
    void extensionsStandOnTheApiAndTheEngine() {
        onlyImports(EXTENSIONS, EXTENSIONS, ACCESS, API, ENGINE);
        onlyImports(ACCESS, ACCESS, EXTENSIONS, API, ENGINE);
    }

    @Test
    void ofTheExtensionsTheApiKnowsTheErrorHandlerAlone() {
        check(noClasses().that().resideInAPackage(API).should().dependOnClassesThat(resideInAPackage(EXTENSIONS)
                .and(not(simpleName("ErrorHandler")))));
    }

    @Test
    void examplesUseThePublicApiAlone() {
        onlyImports(EXAMPLES, EXAMPLES, API, EXTENSIONS);
    }

    @Test
    void benchmarksUseThePublicApiAlone() {
        check(classes().that().resideInAPackage(BENCHMARKS).and().resideOutsideOfPackage(ALLOCATOR_BENCHMARKS).should()
                .onlyDependOnClassesThat().resideInAnyPackage("java..", "", BENCHMARKS, API));
    }

    @Test
    void benchmarksOfTheAllocatorKnowItAlone() {
        onlyImports(ALLOCATOR_BENCHMARKS, ALLOCATOR_BENCHMARKS, ALLOCATOR);
    }

    @Test
    void nobodyImportsTheLauncher() {
        check(noClasses().that().resideOutsideOfPackage(LAUNCH).should().dependOnClassesThat()
                .resideInAPackage(LAUNCH));
    }

    private static void onlyImports(String who, String... allowed) {
        String[] all = new String[allowed.length + 2];
        System.arraycopy(allowed, 0, all, 2, allowed.length);
        all[0] = "java..";
        all[1] = "";
        check(classes().that().resideInAPackage(who).should().onlyDependOnClassesThat().resideInAnyPackage(all));
    }

    private static void check(ArchRule rule) {
        rule.check(shipped);
    }
}
