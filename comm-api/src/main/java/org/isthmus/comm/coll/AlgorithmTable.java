package org.isthmus.comm.coll;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * Which algorithm does which call: for each collective a list of rules, of which the first that fits wins; and
 * algorithms forced by name. All thresholds are here. Immutable; must be equal on all ranks.
 *
 * <p>The thresholds follow MPICH's generic tuning (maint/tuning/coll/mpir/generic.json); sizes are those of
 * {@link CollectiveCall#bytes()}.
 */
public final class AlgorithmTable {
    private static final long ANY_SIZE = Long.MAX_VALUE;
    private static final int KIB = 1024;

    /**
     * {@code algorithm} is for calls of up to {@code maxBytes} bytes on {@code minRanks} ranks or more, if it supports
     * them.
     */
    public record Rule(Algorithm algorithm, long maxBytes, int minRanks) {
        boolean fits(CollectiveCall call) {
            return call.bytes() <= maxBytes && call.size() >= minRanks && algorithm.supports(call);
        }
    }

    private static final AlgorithmTable DEFAULT = newDefault();

    private final Map<CollectiveKind, List<Rule>> rules;
    private final Map<CollectiveKind, Algorithm> forced;

    private AlgorithmTable(Map<CollectiveKind, List<Rule>> rules, Map<CollectiveKind, Algorithm> forced) {
        this.rules = rules;
        this.forced = forced;
    }

    /** The table for messages between any ranks, nothing forced. */
    public static AlgorithmTable ofPointToPoint() {
        return DEFAULT;
    }

    private static AlgorithmTable newDefault() {
        Map<CollectiveKind, List<Rule>> rules = new EnumMap<>(CollectiveKind.class);
        rules.put(CollectiveKind.BARRIER, List.of(always(new BarrierDissemination())));
        Algorithm bcastBinomial = new BcastBinomial();
        rules.put(CollectiveKind.BCAST, List.of(upTo(12 * KIB, bcastBinomial),
                new Rule(new BcastScatterRing(), ANY_SIZE, 8), always(bcastBinomial)));
        Algorithm gatherLinear = new GatherLinear();
        rules.put(CollectiveKind.GATHER, List.of(upTo(8 * KIB, new GatherBinomial()), always(gatherLinear)));
        rules.put(CollectiveKind.GATHERV, List.of(always(gatherLinear)));
        Algorithm scatterLinear = new ScatterLinear();
        rules.put(CollectiveKind.SCATTER, List.of(upTo(8 * KIB, new ScatterBinomial()), always(scatterLinear)));
        rules.put(CollectiveKind.SCATTERV, List.of(always(scatterLinear)));
        Algorithm allgatherRing = new AllgatherRing();
        rules.put(CollectiveKind.ALLGATHER, List.of(upTo(512 * KIB, new AllgatherRecursiveDoubling()),
                upTo(80 * KIB, new AllgatherBruck()), always(allgatherRing)));
        rules.put(CollectiveKind.ALLGATHERV, List.of(always(allgatherRing)));
        Algorithm alltoallScattered = new AlltoallScattered();
        rules.put(CollectiveKind.ALLTOALL, List.of(new Rule(new AlltoallBruck(), 256, 8),
                upTo(32 * KIB, alltoallScattered), always(new AlltoallPairwise())));
        rules.put(CollectiveKind.ALLTOALLV, List.of(always(alltoallScattered)));
        rules.put(CollectiveKind.ALLTOALLW, List.of(always(alltoallScattered)));
        Algorithm reduceBinomial = new ReduceBinomial();
        rules.put(CollectiveKind.REDUCE, List.of(upTo(2 * KIB, reduceBinomial), always(new ReduceRabenseifner()),
                always(reduceBinomial)));
        Algorithm allreduceDoubling = new AllreduceRecursiveDoubling();
        rules.put(CollectiveKind.ALLREDUCE, List.of(upTo(2 * KIB, allreduceDoubling),
                upTo(1024 * KIB, new AllreduceRabenseifner()), always(new AllreduceRing()), always(allreduceDoubling)));
        List<Rule> reduceScatter = List.of(upTo(512 * KIB, new ReduceScatterRecursiveHalving()),
                always(new ReduceScatterPairwise()), always(new ReduceScatterOrdered()));
        rules.put(CollectiveKind.REDUCE_SCATTER, reduceScatter);
        rules.put(CollectiveKind.REDUCE_SCATTER_BLOCK, reduceScatter);
        rules.put(CollectiveKind.SCAN, List.of(always(new ScanRecursiveDoubling(true))));
        rules.put(CollectiveKind.EXSCAN, List.of(always(new ScanRecursiveDoubling(false))));
        List<Rule> neighborAllgather = List.of(always(new NeighborAllgatherLinear()));
        rules.put(CollectiveKind.NEIGHBOR_ALLGATHER, neighborAllgather);
        rules.put(CollectiveKind.NEIGHBOR_ALLGATHERV, neighborAllgather);
        List<Rule> neighborAlltoall = List.of(always(new NeighborAlltoallLinear()));
        rules.put(CollectiveKind.NEIGHBOR_ALLTOALL, neighborAlltoall);
        rules.put(CollectiveKind.NEIGHBOR_ALLTOALLV, neighborAlltoall);
        rules.put(CollectiveKind.NEIGHBOR_ALLTOALLW, neighborAlltoall);
        return new AlgorithmTable(rules, Map.of());
    }

    private static Rule always(Algorithm algorithm) {
        return upTo(ANY_SIZE, algorithm);
    }

    private static Rule upTo(long maxBytes, Algorithm algorithm) {
        return new Rule(algorithm, maxBytes, 1);
    }

    /** This table with {@code rule} ahead of the others for {@code kind}. */
    public AlgorithmTable withFirst(CollectiveKind kind, Rule rule) {
        Map<CollectiveKind, List<Rule>> changed = new EnumMap<>(rules);
        List<Rule> list = new ArrayList<>();
        list.add(rule);
        list.addAll(rules.get(kind));
        changed.put(kind, List.copyOf(list));
        return new AlgorithmTable(changed, forced);
    }

    /**
     * This table with algorithms forced, for the calls that they support.
     *
     * @param setting {@code collective=algorithm} pairs with commas between, such as
     *         {@code "allreduce=ring,bcast=binomial"}; empty changes nothing
     * @throws CommException {@code ARG} for an unknown name; the message lists the known ones
     */
    public AlgorithmTable force(String setting) {
        Map<CollectiveKind, Algorithm> changed = new EnumMap<>(CollectiveKind.class);
        changed.putAll(forced);
        for (String pair : setting.isBlank() ? new String[0] : setting.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new CommException(ErrorClass.ARG, "collective algorithms \"" + setting + "\": \"" + pair.strip()
                        + "\" is no collective=algorithm pair; write for example allreduce=ring,bcast=binomial");
            }
            CollectiveKind kind = kindOf(pair.substring(0, equals).strip(), setting);
            changed.put(kind, algorithmOf(kind, pair.substring(equals + 1).strip(), setting));
        }
        return new AlgorithmTable(rules, changed);
    }

    /** The algorithms known for {@code kind}, those of earlier rules first. */
    public List<Algorithm> algorithms(CollectiveKind kind) {
        return rules.get(kind).stream().map(Rule::algorithm).distinct().toList();
    }

    /** The algorithm for {@code call}; the same on all ranks. */
    public Algorithm select(CollectiveCall call) {
        Algorithm wanted = forced.get(call.kind());
        if (wanted != null && wanted.supports(call)) {
            return wanted;
        }
        List<Rule> list = rules.get(call.kind());
        int i = 0;
        while (!list.get(i).fits(call)) {
            i++;
        }
        return list.get(i).algorithm();
    }

    private static CollectiveKind kindOf(String key, String setting) {
        for (CollectiveKind kind : CollectiveKind.values()) {
            if (kind.key().equals(key)) {
                return kind;
            }
        }
        throw new CommException(ErrorClass.ARG, "collective algorithms \"" + setting + "\": unknown collective \"" + key
                + "\"; known are " + Arrays.stream(CollectiveKind.values()).map(CollectiveKind::key)
                .collect(Collectors.joining(", ")));
    }

    private Algorithm algorithmOf(CollectiveKind kind, String name, String setting) {
        for (Algorithm algorithm : algorithms(kind)) {
            if (algorithm.name().equals(name)) {
                return algorithm;
            }
        }
        throw new CommException(ErrorClass.ARG, "collective algorithms \"" + setting + "\": unknown algorithm \"" + name
                + "\" for " + kind.key() + "; known are " + algorithms(kind).stream().map(Algorithm::name)
                .collect(Collectors.joining(", ")));
    }
}
