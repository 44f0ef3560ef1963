package org.isthmus.node.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorSetTest {
    private static ProcessorSet of(String list) {
        return ProcessorSet.ofStatus(List.of("Name:\tjava", "Cpus_allowed:\tff", "Cpus_allowed_list:\t" + list));
    }

    @Test
    void readsTheKernelsForm() {
        assertEquals("{3}", of("3").numbers().toString());
        assertEquals("{0, 1, 2, 8, 10, 11}", of("0-2,8,10-11").numbers().toString());
    }

    @Test
    void ranksThatAreBoundToOneEachHaveTheUnion() {
        ProcessorSet own = of("0");
        assertEquals(3, own.union(of("1")).union(of("5")).count(own, 1));
    }

    @Test
    void ranksThatAreBoundToTheSameOneShareIt() {
        ProcessorSet own = of("4");
        assertEquals(1, own.union(of("4")).count(own, 1));
    }

    @Test
    void theQuotaOfRanksThatAreNotBoundCounts() {
        ProcessorSet own = of("0-63");
        assertEquals(8, own.union(of("0-63")).count(own, 8));
    }

    @Test
    void thisProcessHasAtLeastWhatTheVirtualMachineSees() throws IOException {
        // a quota makes the virtual machine see fewer
        int processors = ProcessorSet.ofThisProcess().numbers().cardinality();
        assertTrue(processors >= Runtime.getRuntime().availableProcessors(), processors + " processors");
    }
}
