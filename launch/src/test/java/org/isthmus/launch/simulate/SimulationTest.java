package org.isthmus.launch.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class SimulationTest {
    private static final NicModel B = NicModel.preset("B");

    private static Figures run(int nodes, int ranks, Design design, int shards, int messages) {
        return Simulation.run(Scenario.of(nodes, ranks, design, B).withDesign(design, shards).withMessages(messages));
    }

    @ParameterizedTest
    @EnumSource
    void theSameSeedGivesTheSameFigures(Design design) {
        Scenario scenario = Scenario.of(6, 4, design, B).withDesign(design, 2).withMessages(300);
        Figures first = Simulation.run(scenario);
        assertEquals(first, Simulation.run(scenario));
    }

    /** Traffic that looks the same from every node, without peers whose order could differ. */
    @ParameterizedTest
    @CsvSource({"2, SHARED, 1", "2, TWO_LEVEL, 1", "6, ALL_PAIRS, 1", "6, PROCESS_TO_NODE, 1", "6, DC, 1",
        "6, UD, 1"})
    void oneNodeAmongMirrorsDoesExactlyWhatAllNodesDo(int nodes, Design design, int shards) {
        Scenario scenario = Scenario.of(nodes, 5, design, B.withContexts(8)).withDesign(design, shards)
                .withMessages(600).withLoad(8, 8, 1, Traffic.Pattern.SWEEP);
        Figures whole = Simulation.run(scenario.withWhole(true));
        Figures sample = Simulation.run(scenario.withWhole(false));
        assertEquals(whole.messagesPerSecond(), sample.messagesPerSecond(), 0.005 * whole.messagesPerSecond());
        assertEquals(whole.missRatio(), sample.missRatio(), 0.005);
        assertEquals(whole.messagesPerRequest(), sample.messagesPerRequest(), 0.005 * whole.messagesPerRequest());
        assertEquals(whole.p50Nanos(), sample.p50Nanos(), 0.005 * whole.p50Nanos());
        assertEquals(whole.p99Nanos(), sample.p99Nanos(), 0.005 * whole.p99Nanos());
        assertEquals(whole.nodeBytes(), sample.nodeBytes());
    }

    @ParameterizedTest
    @CsvSource({"SHARED, 1", "SHARED, 2", "TWO_LEVEL, 1", "TWO_LEVEL, 2", "ALL_PAIRS, 1"})
    void aSampleIsCloseUnderRandomTraffic(Design design, int shards) {
        Scenario scenario = Scenario.of(8, 8, design, B).withDesign(design, shards).withMessages(1000);
        Figures whole = Simulation.run(scenario.withWhole(true));
        Figures sample = Simulation.run(scenario.withWhole(false));
        assertEquals(whole.messagesPerSecond(), sample.messagesPerSecond(), 0.1 * whole.messagesPerSecond());
        assertEquals(whole.p50Nanos(), sample.p50Nanos(), 0.15 * whole.p50Nanos());
        assertEquals(whole.nodeBytes(), sample.nodeBytes());
    }

    /** 16 nodes of 64 ranks, preset B: the values that S = S0 + m * Tm gives. */
    @Test
    void cardsDoWhatTheFormulaSays() {
        NicModel requesterOnly = B.withResponderFactor(0);
        Scenario scenario = Scenario.of(16, 64, Design.ALL_PAIRS, requesterOnly).withMessages(2000);
        assertEquals(.27, Simulation.run(scenario).efficiency(), 0.01);
        assertEquals(.41, Simulation.run(scenario.withDesign(Design.PROCESS_TO_NODE, 1)).efficiency(), 0.02);
        assertEquals(.75, Simulation.run(scenario.withDesign(Design.DC, 1)).efficiency(), 0.03);
        assertEquals(1, Simulation.run(scenario.withDesign(Design.SHARED, 4)).efficiency(), 0.005);
    }

    @Test
    void aSharedCardCarriesThreeTimesWhatAllPairsDo() {
        Figures allPairs = run(16, 64, Design.ALL_PAIRS, 1, 1000);
        for (int shards = 1; shards <= 4; shards++) {
            Figures shared = run(16, 64, Design.SHARED, shards, 1000);
            assertTrue(shared.cardMessagesPerSecond() >= 3 * allPairs.cardMessagesPerSecond(), shared + " " + allPairs);
            assertTrue(shared.efficiency() >= 3 * allPairs.efficiency(), shared + " " + allPairs);
        }
    }

    /** What keeps the comparison honest: without enough threads the multiplexer, not the card, is the limit. */
    @Test
    void threadsOfTheMultiplexerLimitWhatTheCardGained() {
        Figures one = run(16, 64, Design.SHARED, 1, 1000);
        Figures four = run(16, 64, Design.SHARED, 4, 1000);
        assertEquals(11e6, one.messagesPerSecond(), 1e6);
        assertTrue(four.messagesPerSecond() > 3 * one.messagesPerSecond(), four + " " + one);
        assertTrue(one.messagesPerSecond() < run(16, 64, Design.ALL_PAIRS, 1, 1000).messagesPerSecond());
    }

    @Test
    void withoutCompanyARoundCarriesOneMessage() {
        Scenario lone = Scenario.of(2, 1, Design.SHARED, B).withMessages(500)
                .withLoad(8, 1, 1, Traffic.Pattern.UNIFORM);
        Figures figures = Simulation.run(lone);
        assertEquals(1, figures.messagesPerRequest(), 1e-9);
        // ring, round, card, wire, round, ring: 120 + 715 + 8.1 + 1100 + 8.1 + 300 + 665 + 120, and misses of a cold
        // cache none
        assertEquals(3036, figures.p50Nanos(), 1);
    }

    @Test
    void memoryGrowsWithRanksAndNodesNeverWithRanksSquared() {
        Figures small = run(4, 16, Design.SHARED, 2, 200);
        Figures large = run(4, 64, Design.SHARED, 2, 200);
        assertEquals(small.queuePairs(), large.queuePairs());
        assertEquals(small.queueBytes(), large.queueBytes());
        long perRankSmall = small.nodeBytes() / 16;
        long perRankLarge = large.nodeBytes() / 64;
        assertTrue(perRankLarge <= perRankSmall * 1.1, perRankSmall + " bytes a rank became " + perRankLarge);
        assertEquals(16 * run(4, 16, Design.ALL_PAIRS, 1, 10).queueBytes(),
                run(4, 64, Design.ALL_PAIRS, 1, 10).queueBytes());
    }

    /** 63 other nodes, a cache of 40 contexts. */
    @Test
    void beyondTheCacheSharingAloneIsNotEnoughAndTwoLevelsAre() {
        Scenario scenario = Scenario.of(64, 16, Design.SHARED, B.withContexts(40).withResponderFactor(0))
                .withMessages(1000);
        Figures one = Simulation.run(scenario);
        Figures four = Simulation.run(scenario.withDesign(Design.SHARED, 4));
        Figures twoLevel = Simulation.run(scenario.withDesign(Design.TWO_LEVEL, 1));
        assertTrue(one.missRatio() > 0.2 && four.missRatio() > 0.7, one + " " + four);
        assertEquals(14, twoLevel.queuePairs());
        assertEquals(0, twoLevel.missRatio(), 0.001);
        assertTrue(twoLevel.messagesPerRequest() > 2 * one.messagesPerRequest(), one + " " + twoLevel);
    }

    @Test
    void fewActiveChannelsKeepTheCacheWarm() {
        Scenario scenario = Scenario.of(64, 16, Design.SHARED, B.withContexts(40)).withMessages(2000)
                .withLoad(8, 256, 1, Traffic.Pattern.UNIFORM).withDesign(Design.SHARED, 4);
        Figures all = Simulation.run(scenario);
        Figures few = Simulation.run(scenario.withActive(4));
        assertTrue(few.efficiency() > 1.5 * all.efficiency(), all + " " + few);
        assertTrue(few.p50Nanos() > all.p50Nanos(), "waiting for a turn is not free: " + all + " " + few);
    }
}
