package org.isthmus.launch.simulate;

/**
 * Times outside of the network card, in nanoseconds, from published measurements of nodes with a daemon.
 *
 * @param post a rank's own post: call, work request, doorbell
 * @param ringWrite a rank's write of a record into its lane
 * @param hop from one process to another of the node through shared memory
 * @param round of a multiplexer's thread that finds records: what a batch of one pays, so that 1.2 million messages/s
 *     are the most without batching
 * @param emptyRound of a multiplexer's thread that finds none
 * @param record of a multiplexer's thread for each record, on each side: 11 million messages/s if batches are large
 * @param frame of a multiplexer's thread for each frame posted
 * @param dma reads of request and data by the card
 * @param wire from card to card
 * @param complete write of the data and completion at the far end
 */
public record Costs(double post, double ringWrite, double hop, double round, double emptyRound, double record,
        double frame, double dma, double wire, double complete) {
    public static final Costs PUBLISHED = new Costs(150, 50, 120, 620, 29, 45, 50, 600, 500, 300);

    public Costs {
        Simulated.require(post >= 0 && ringWrite >= 0 && hop >= 0 && round >= 0 && emptyRound > 0 && record >= 0
                && frame >= 0 && dma >= 0 && wire >= 0 && complete >= 0, "costs", "negative", "at least 0 each");
    }

    public Costs withRecord(double newRecord) {
        return new Costs(post, ringWrite, hop, round, emptyRound, newRecord, frame, dma, wire, complete);
    }

    public Costs withRound(double newRound) {
        return new Costs(post, ringWrite, hop, newRound, emptyRound, record, frame, dma, wire, complete);
    }
}
