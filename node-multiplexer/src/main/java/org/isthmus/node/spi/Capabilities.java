package org.isthmus.node.spi;

/**
 * What an endpoint can do; constant while it is open.
 *
 * @param maxFrame most bytes of a frame
 * @param maxRegion most bytes of one region transfer
 * @param sendWindow most region sends of one channel that are not complete
 * @param receiveWindow most region receives of one channel that are not complete; never below {@code sendWindow}
 * @param rails independent ways (NICs, ports) that one channel spreads over
 * @param delivery what happens to frames when something breaks
 * @param oneSided what its channels do with the peer's memory, and the peer's with this one's, without the owner's
 *        doing
 * @param events whether {@link Endpoint#await} sleeps until something arrives; if not, the owner must go on polling
 */
public record Capabilities(int maxFrame, long maxRegion, int sendWindow, int receiveWindow, int rails,
        Delivery delivery, OneSided oneSided, boolean events) {
    /** How much of order and exactly-once a backend gives by itself. */
    public enum Delivery {
        /** In order, exactly once, also when single connections break, as long as the channel is not failed. */
        RELIABLE,
        /**
         * In order and exactly once until the first break, which fails the channel: a reliable-connected queue pair.
         */
        UNTIL_FAILURE,
        /** Frames may be lost, doubled or change order: needs a link protocol above. */
        DATAGRAM
    }

    /** Operations on the peer's memory that its owner takes no part in; each includes those before it. */
    public enum OneSided {
        NONE,
        /** {@link Channel#tryWrite} and {@link Channel#tryRead}. */
        COPIES,
        /** Also the atomic ones, which are atomic with the instructions of the peer's processors too. */
        ATOMICS
    }

    public Capabilities {
        require(maxFrame > 0, "maxFrame", maxFrame);
        require(maxRegion > 0, "maxRegion", maxRegion);
        require(sendWindow > 0, "sendWindow", sendWindow);
        require(receiveWindow >= sendWindow, "receiveWindow", receiveWindow);
        require(rails > 0, "rails", rails);
    }

    private static void require(boolean holds, String name, long value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " = " + value
                    + ": must be above zero, and the receive window not below the send window");
        }
    }
}
