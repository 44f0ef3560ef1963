package org.isthmus.node.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;

/**
 * The processors on which a process may run. A launcher may bind each rank to a core of its own: then no rank sees more
 * than one, and only the union of the ranks' sets says how many they have together.
 *
 * @param numbers the kernel's processor numbers; empty where they are not known
 */
record ProcessorSet(BitSet numbers) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ROW = "Cpus_allowed_list:";

    /** Those of this process. */
    static ProcessorSet ofThisProcess() throws IOException {
        return Files.exists(STATUS) ? ofStatus(Files.readAllLines(STATUS)) : new ProcessorSet(new BitSet());
    }

    /** Those that the lines of a process's status file name, in the form {@code 0-3,8}. */
    static ProcessorSet ofStatus(List<String> lines) {
        BitSet numbers = new BitSet();
        for (String line : lines) {
            if (line.startsWith(ROW)) {
                for (String range : line.substring(ROW.length()).strip().split(",")) {
                    int dash = range.indexOf('-');
                    int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
                    numbers.set(first, Integer.parseInt(range.substring(dash + 1)) + 1);
                }
            }
        }
        return new ProcessorSet(numbers);
    }

    ProcessorSet union(ProcessorSet other) {
        BitSet both = (BitSet) numbers.clone();
        both.or(other.numbers);
        return new ProcessorSet(both);
    }

    /**
     * How many processors ranks have together whose sets have this union.
     *
     * @param own the set of this process
     * @param available what the virtual machine says of this process alone, which knows of a container's quota too
     */
    int count(ProcessorSet own, int available) {
        return numbers.equals(own.numbers) ? available : numbers.cardinality();
    }
}
