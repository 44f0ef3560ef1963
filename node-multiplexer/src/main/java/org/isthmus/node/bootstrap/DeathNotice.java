package org.isthmus.node.bootstrap;

import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * Hands on which local ranks' processes are proven dead, each once, also those that died before there was a handler.
 * Any thread may call.
 */
final class DeathNotice {
    private final BitSet dead = new BitSet();
    private IntConsumer handler;

    void raise(int localRank) {
        IntConsumer receiver;
        synchronized (this) {
            if (dead.get(localRank)) {
                return;
            }
            dead.set(localRank);
            receiver = handler;
        }
        if (receiver != null) {
            receiver.accept(localRank);
        }
    }

    void onDeath(IntConsumer newHandler) {
        BitSet early;
        synchronized (this) {
            handler = newHandler;
            early = (BitSet) dead.clone();
        }
        early.stream().forEach(newHandler);
    }
}
