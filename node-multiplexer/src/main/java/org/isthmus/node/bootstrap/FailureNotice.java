package org.isthmus.node.bootstrap;

import java.util.function.Consumer;

/** Hands the first failure of the job to the handler, once, whichever of the two comes first. Any thread may call. */
final class FailureNotice {
    private Consumer<NodeSession.Failure> handler;
    private NodeSession.Failure failure;
    private boolean silenced;

    void raise(NodeSession.Failure newFailure) {
        Consumer<NodeSession.Failure> receiver;
        synchronized (this) {
            if (failure != null || silenced) {
                return;
            }
            failure = newFailure;
            receiver = handler;
        }
        if (receiver != null) {
            receiver.accept(newFailure);
        }
    }

    void onFailure(Consumer<NodeSession.Failure> newHandler) {
        NodeSession.Failure early;
        synchronized (this) {
            if (handler != null) {
                throw new IllegalStateException("a failure handler is set already; a session has one");
            }
            handler = newHandler;
            early = failure;
        }
        if (early != null) {
            newHandler.accept(early);
        }
    }

    /** From now on no failure is handed on. */
    synchronized void silence() {
        silenced = true;
    }
}
