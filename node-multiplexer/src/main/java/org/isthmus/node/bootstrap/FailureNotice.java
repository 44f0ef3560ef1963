package org.isthmus.node.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Hands the first failure of the job to the handler, once, whichever of the two comes first. Any thread may call. */
final class FailureNotice {
    private Consumer<NodeSession.Failure> handler;
    private NodeSession.Failure failure;
    private boolean silenced;
    private Consumer<NodeSession.Failure> lossHandler;
    private final List<NodeSession.Failure> earlyLosses = new ArrayList<>();

    /** Hands on that a rank is lost whose loss the job survives. */
    void raiseLoss(NodeSession.Failure loss) {
        Consumer<NodeSession.Failure> receiver;
        synchronized (this) {
            receiver = lossHandler;
            if (silenced) {
                return;
            }
            if (receiver == null) {
                earlyLosses.add(loss);
            }
        }
        if (receiver != null) {
            receiver.accept(loss);
        }
    }

    void onLoss(Consumer<NodeSession.Failure> newHandler) {
        List<NodeSession.Failure> early;
        synchronized (this) {
            lossHandler = newHandler;
            early = List.copyOf(earlyLosses);
        }
        early.forEach(newHandler);
    }

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
