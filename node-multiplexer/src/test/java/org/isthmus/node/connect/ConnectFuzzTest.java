package org.isthmus.node.connect;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import org.isthmus.node.endpoint.BlockRecordDescriptor;
import org.isthmus.node.endpoint.RemoteRecordDescriptor;
import org.isthmus.node.shm.RecordDescriptor;

/** What processes of other jobs say: a text is a card or the name of a port, bytes are whole frames, or refused. */
class ConnectFuzzTest {
    @FuzzTest
    void card(byte[] data) {
        try {
            ProcessCard card = ProcessCard.parse(new String(data, StandardCharsets.UTF_8));
            if (!ProcessCard.parse(card.text()).equals(card)) {
                throw new AssertionError("read otherwise than written: " + card);
            }
        } catch (IllegalArgumentException e) {
            requireMessage(e);
        }
    }

    @FuzzTest
    void portName(byte[] data) {
        try {
            PortName.parse(new String(data, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            requireMessage(e);
        }
    }

    /** What a socket says after its hello: a card and frames until it ends. */
    @FuzzTest
    void framesOfAnotherProcess(byte[] data) throws InterruptedException {
        FrameReader reader = new FrameReader(Channels.newChannel(new ByteArrayInputStream(data)));
        try {
            reader.card();
        } catch (IOException e) {
            return; // as of a connection that broke: its visitor ends
        }
        InboundQueue records = new InboundQueue();
        long[] bytes = new long[1];
        FrameReader.End end = reader.readAll(7, records, () -> {
            InboundRecord record = records.peek();
            records.remove();
            bytes[0] += record.bytes();
            requireRecord(record);
        });
        if (bytes[0] > data.length) {
            throw new AssertionError(bytes[0] + " bytes of records in " + data.length);
        } else if ((end == FrameReader.End.BROKEN || end == FrameReader.End.FAILED) && reader.description() == null) {
            throw new AssertionError(end + " without a description");
        }
    }

    private static void requireRecord(InboundRecord record) {
        boolean withBlock = RemoteRecordDescriptor.carriesBlock(RecordDescriptor.kind(record.header()));
        if (record.isGone() || record.source() != 7 || (record.block() != null) != withBlock
                || record.payload().length != RecordDescriptor.payloadBytes(record.header())
                || withBlock && record.block().length != Frame.allocate(record.payload().length).put(record.payload())
                        .getLong(BlockRecordDescriptor.BYTES_OFFSET)) {
            throw new AssertionError("passed: " + record);
        }
    }

    private static void requireMessage(IllegalArgumentException e) {
        if (e.getMessage() == null || e.getMessage().isEmpty()) {
            throw new AssertionError("without a message", e);
        }
    }
}
