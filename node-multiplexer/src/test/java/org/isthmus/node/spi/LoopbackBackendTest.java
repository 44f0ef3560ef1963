package org.isthmus.node.spi;

class LoopbackBackendTest extends BackendConformance {
    @Override
    protected Backend backend() {
        return new LoopbackBackend();
    }
}
