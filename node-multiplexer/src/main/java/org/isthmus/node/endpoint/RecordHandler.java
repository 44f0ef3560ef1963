package org.isthmus.node.endpoint;

/** Takes the records that arrive at a rank. Called by {@link RankEndpoint#poll}, on its thread. */
public interface RecordHandler {
    /**
     * @param source local rank of the sender, checked
     * @param header the record's header word, see {@code RecordDescriptor}
     * @param payload offset in the segment of its payload, valid until this call returns
     */
    void onRecord(int source, long header, long payload);
}
