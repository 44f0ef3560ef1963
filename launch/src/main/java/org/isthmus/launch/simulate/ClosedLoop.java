package org.isthmus.launch.simulate;

/** One rank that sends: a number of messages, a window of them under way. */
final class ClosedLoop {
    /** How a rank's messages leave. */
    interface Transport {
        /**
         * Sends a message to a place of a node; node numbers as of the whole job.
         *
         * @return false if there is no room: {@link ClosedLoop#unblock} tells when to try again
         */
        boolean trySend(ClosedLoop rank, int node, int place);
    }

    private final VirtualTime time;
    private final Scenario scenario;
    private final Transport transport;
    private final Traffic traffic;
    private final long sendCost;
    private final int node;
    private final int place;
    private int left;
    private int underWay;
    private int destination = -1;
    private boolean planned;
    private boolean blocked;
    private long free;

    ClosedLoop(VirtualTime time, Scenario scenario, int node, int place, double sendNanos, Transport transport) {
        this.time = time;
        this.scenario = scenario;
        this.transport = transport;
        this.traffic = new Traffic(scenario, (long) node * scenario.ranks() + place);
        this.sendCost = VirtualTime.nanos(sendNanos);
        this.node = node;
        this.place = place;
        this.left = scenario.messages();
    }

    int node() {
        return node;
    }

    int place() {
        return place;
    }

    /** Begins, or goes on: after its construction and when a message of it has arrived. */
    void go() {
        if (!planned && !blocked && left > 0 && underWay < scenario.window()) {
            planned = true;
            time.at(Math.max(time.now(), free), this::send);
        }
    }

    /** A message of this rank has arrived, and its sender knows. */
    void acknowledged() {
        underWay--;
        go();
    }

    /** There may be room again. */
    void unblock() {
        if (blocked) {
            blocked = false;
            go();
        }
    }

    private void send() {
        planned = false;
        if (destination < 0) {
            destination = traffic.next();
        }
        int to = scenario.grid().absolute(node, destination / scenario.ranks());
        if (!transport.trySend(this, to, destination % scenario.ranks())) {
            blocked = true;
            return;
        }
        destination = -1;
        left--;
        underWay++;
        free = time.now() + sendCost;
        go();
    }
}
