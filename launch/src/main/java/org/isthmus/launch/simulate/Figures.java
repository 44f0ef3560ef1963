package org.isthmus.launch.simulate;

/**
 * What one simulation found, for one node.
 *
 * @param scenario that was simulated
 * @param queuePairs of a node
 * @param contextBytes what a card needs to hold them all, at 375 bytes each
 * @param queueBytes of the node's memory for their queues, at 16 KiB each
 * @param nodeBytes of the node's memory besides: segment with lanes and rings, frames; 0 for designs without a
 *        multiplexer
 * @param connectSeconds until a node has made its queue pairs one after the other, at 10 ms each; of no meaning for
 *     datagrams, which connect nothing, and dynamic connections, which take microseconds
 * @param messagesPerSecond that the node sent and received, each
 * @param cardMessagesPerSecond that its card would carry if nothing else were slower
 * @param efficiency of the card's cache: rate of small work requests as part of the peak
 * @param missRatio of work requests
 * @param messagesPerRequest how many messages one work request carries
 * @param p50Nanos median latency from rank to rank
 * @param p99Nanos latency of the slowest hundredth
 */
public record Figures(Scenario scenario, long queuePairs, long contextBytes, long queueBytes, long nodeBytes,
        double connectSeconds, double messagesPerSecond, double cardMessagesPerSecond, double efficiency,
        double missRatio, double messagesPerRequest, double p50Nanos, double p99Nanos) {
    static final int CONTEXT_BYTES = 375;
    static final int QUEUE_BYTES = 16 << 10;
    static final double CONNECT_SECONDS = 0.010;

    static Figures of(Scenario scenario, Measurement measured, long nodeBytes) {
        long queuePairs = scenario.queuePairs();
        double messagesOfNode = measured.messages() / (double) scenario.simulatedNodes();
        double busySeconds = measured.requests() * measured.nanosPerRequest() / 1e9;
        boolean connects = scenario.design() != Design.UD && scenario.design() != Design.DC;
        return new Figures(scenario, queuePairs, queuePairs * CONTEXT_BYTES, queuePairs * QUEUE_BYTES, nodeBytes,
                connects ? queuePairs * CONNECT_SECONDS : 0, measured.rate() / scenario.simulatedNodes(),
                busySeconds == 0 ? 0 : messagesOfNode / busySeconds,
                1 / (1 + measured.missRatio() * scenario.nic().missNanos() / scenario.nic().serviceNanos()),
                measured.missRatio(),
                measured.requests() == 0 ? 0 : messagesOfNode / measured.requests(), measured.nanosAt(0.5),
                measured.nanosAt(0.99));
    }

    /**
     * What limits the rate: the card if it is busy nearly all the time, else the threads or the window of the ranks.
     */
    String limit() {
        double cardLoad = messagesPerSecond / cardMessagesPerSecond;
        if (cardLoad > 0.95) {
            return "card";
        }
        return scenario.design().isMultiplexed() ? "multiplexer or window" : "window";
    }
}
