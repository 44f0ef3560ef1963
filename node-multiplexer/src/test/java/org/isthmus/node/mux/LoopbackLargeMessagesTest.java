package org.isthmus.node.mux;

import org.isthmus.node.spi.Backend;
import org.isthmus.node.spi.LoopbackBackend;

class LoopbackLargeMessagesTest extends LargeMessagesConformance {
    @Override
    protected Backend backend(int node) {
        return new LoopbackBackend();
    }
}
