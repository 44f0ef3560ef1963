package org.isthmus.benchmarks.allocator;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The workloads of {@link AllocatorBenchmark}, one row each. Sizes in bytes. */
enum Workload {
    /** 256 live blocks, one replaced at a time. */
    LOCAL_RANDOM(Unit.PAIR, Sizes.uniform(64, 8192), (bench, sizes) -> bench.local(
            heap -> LocalLoops.replace(heap, sizes, 256, 200_000))),
    LOCAL_LIFO(Unit.PAIR, Sizes.fixed(64), (bench, sizes) -> bench.local(
            heap -> LocalLoops.lifo(heap, sizes, 200_000))),
    /** One thread allocates, another frees. */
    PRODCONS_64(Unit.BLOCK, Sizes.fixed(64), (bench, sizes) -> bench.threads(sizes)),
    PRODCONS_4096(Unit.BLOCK, Sizes.fixed(4096), (bench, sizes) -> bench.threads(sizes)),
    PRODCONS_MIXED(Unit.BLOCK, Sizes.uniform(64, 8192), (bench, sizes) -> bench.threads(sizes)),
    /** One process allocates, another frees. */
    PROCESS_64(Unit.BLOCK, Sizes.fixed(64), (bench, sizes) -> bench.processes(sizes)),
    PROCESS_4096(Unit.BLOCK, Sizes.fixed(4096), (bench, sizes) -> bench.processes(sizes)),
    PROCESS_MIXED(Unit.BLOCK, Sizes.uniform(64, 8192), (bench, sizes) -> bench.processes(sizes)),
    LARSON(Unit.PAIR, Sizes.uniform(10, 500), (bench, sizes) -> ExchangeLoops.larson(bench.family(), sizes, 400_000)),
    SH8BENCH(Unit.PAIR, Sizes.uniform(8, 1000), (bench, sizes) ->
            ExchangeLoops.sh8bench(bench.family(), bench.file(), sizes, 400_000)),
    /** The source notes' own: 1024-byte requests, 64 live. */
    C7_10K(Unit.PAIR, Sizes.fixed(1024), (bench, sizes) -> bench.local(
            heap -> LocalLoops.replace(heap, sizes, 64, 10_000))),
    C7_100K(Unit.PAIR, Sizes.fixed(1024), (bench, sizes) -> bench.local(
            heap -> LocalLoops.replace(heap, sizes, 64, 100_000))),
    C7_1M(Unit.PAIR, Sizes.fixed(1024), (bench, sizes) -> bench.local(
            heap -> LocalLoops.replace(heap, sizes, 64, 1_000_000))),
    C6_10K(Unit.PAIR, Sizes.uniform(257, 768), (bench, sizes) -> bench.local(
            heap -> LocalLoops.replace(heap, sizes, 400, 10_000))),
    C6_100K(Unit.PAIR, Sizes.uniform(257, 768), (bench, sizes) -> bench.local(
            heap -> LocalLoops.replace(heap, sizes, 400, 100_000))),
    C6_1M(Unit.PAIR, Sizes.uniform(257, 768), (bench, sizes) -> bench.local(
            heap -> LocalLoops.replace(heap, sizes, 400, 1_000_000))),
    MIXED_10K(Unit.PAIR, Sizes.uniform(16, 1024), (bench, sizes) -> bench.local(
            heap -> LocalLoops.replace(heap, sizes, 256, 10_000))),
    MIXED_100K(Unit.PAIR, Sizes.uniform(16, 1024), (bench, sizes) -> bench.local(
            heap -> LocalLoops.replace(heap, sizes, 256, 100_000))),
    MIXED_1M(Unit.PAIR, Sizes.uniform(16, 1024), (bench, sizes) -> bench.local(
            heap -> LocalLoops.replace(heap, sizes, 256, 1_000_000))),
    /** 16 live blocks, written to. */
    LARGE(Unit.PAIR, Sizes.logUniform(64 << 10, 1 << 20), (bench, sizes) -> bench.local(
            heap -> LocalLoops.replaceAndWrite(heap, sizes, 16, 50_000))),
    BIG(Unit.PAIR, Sizes.logUniform(64 << 10, 8 << 20), (bench, sizes) -> bench.local(
            heap -> LocalLoops.replaceAndWrite(heap, sizes, 16, 50_000))),
    FRAG_POWER(Unit.PERCENT, Sizes.powersOfTwoWithHeader(64, 512 << 10), (bench, sizes) ->
            LocalLoops.fragmentation(bench.family().newHeap(0), sizes)),
    FRAG_LOG(Unit.PERCENT, Sizes.logUniform(64, 1 << 20), (bench, sizes) ->
            LocalLoops.fragmentation(bench.family().newHeap(0), sizes));

    /** What a value counts. */
    enum Unit {
        /** Nanoseconds for an allocation and its free. */
        PAIR("ns/pair"),
        /** Nanoseconds for a block from one side to the other. */
        BLOCK("ns/block"),
        /** Wasted part of the blocks. */
        PERCENT("percent");

        private final String text;

        Unit(String text) {
            this.text = text;
        }
    }

    /** Measures a workload. */
    interface Loop {
        double run(AllocatorBenchmark bench, Sizes sizes) throws IOException, InterruptedException;
    }

    private final Unit unit;
    private final Sizes sizes;
    private final Loop loop;

    Workload(Unit unit, Sizes sizes, Loop loop) {
        this.unit = unit;
        this.sizes = sizes;
        this.loop = loop;
    }

    static Workload of(String label) {
        return Arrays.stream(values()).filter(workload -> workload.label().equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no workload " + label + "; there are "
                        + Arrays.stream(values()).map(Workload::label).collect(Collectors.joining(", "))));
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String unit() {
        return unit.text;
    }

    int maxBytes() {
        return sizes.max();
    }

    boolean needsProcesses() {
        return name().startsWith("PROCESS");
    }

    double run(AllocatorBenchmark bench) throws IOException, InterruptedException {
        return loop.run(bench, sizes);
    }
}
