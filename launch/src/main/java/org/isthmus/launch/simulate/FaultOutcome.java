package org.isthmus.launch.simulate;

/**
 * What a run with faults did; its invariants held.
 *
 * @param plan of the run
 * @param delivered messages
 * @param lost packets and acknowledgements
 * @param overtaken packets that arrived before an earlier one
 * @param told nodes that learned of the death
 * @param fingerprint of all deliveries and their times: equal for equal runs
 */
public record FaultOutcome(FaultPlan plan, long delivered, long lost, long overtaken, int told, long fingerprint) {}
