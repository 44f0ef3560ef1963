package org.isthmus.node.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A mailbox for interleaving tests: two producers and the owner. A record is seen as source * 100 + value. */
final class StressMailbox {
    final MemorySegment memory = StressMemory.take(MailboxDescriptor.BYTES);
    final Mailbox first = new Mailbox(memory, 0);
    final Mailbox second = new Mailbox(memory, 0);
    final Mailbox owner = new Mailbox(memory, 0);

    StressMailbox() {
        Mailbox.initialise(memory, 0);
    }

    void send(Mailbox producer, int source, long value) {
        long payload = producer.claim(source);
        memory.set(ValueLayout.JAVA_LONG, payload, value);
        producer.publish(source, RecordDescriptor.header(1, 0, 0, 8));
    }

    /** The owner's next record; 0 if there is none. */
    long receive() {
        if (owner.next() == 0) {
            return 0;
        }
        long record = owner.source() * 100 + memory.get(ValueLayout.JAVA_LONG, owner.payload());
        owner.advance();
        return record;
    }
}
