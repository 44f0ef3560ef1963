package org.isthmus.launch.simulate;

import java.util.ArrayList;
import java.util.List;

/** Ranks that post to the card themselves: every design without a multiplexer. Nothing of ours runs here. */
final class DirectSimulation {
    /** Dynamic connections and datagrams are slower than a reliable connection by so much. */
    private static final double DC_NANOS = 60;
    private static final double DC_RECONNECT_NANOS = 140;
    private static final double UD_NANOS = 30;

    private final VirtualTime time = new VirtualTime();
    private final Scenario scenario;
    private final Grid grid;
    private final List<Nic> nics = new ArrayList<>();
    private final List<ClosedLoop[]> ranks = new ArrayList<>();
    /** Where each initiator was connected last. */
    private final long[] connected;
    private final Measurement measurement;
    private final long acknowledgement;

    private DirectSimulation(Scenario scenario) {
        this.scenario = scenario;
        this.grid = scenario.grid();
        int nodes = scenario.simulatedNodes();
        for (int node = 0; node < nodes; node++) {
            nics.add(new Nic(time, scenario.nic(), scenario.seed() + node));
            ClosedLoop[] here = new ClosedLoop[scenario.ranks()];
            for (int place = 0; place < here.length; place++) {
                here[place] = new ClosedLoop(time, scenario, node, place, scenario.costs().post(), this::trySend);
            }
            ranks.add(here);
        }
        this.connected = new long[nodes * scenario.ranks() * Design.INITIATORS];
        this.measurement = new Measurement(time, nics.getFirst(),
                (long) nodes * scenario.ranks() * scenario.messages());
        this.acknowledgement = VirtualTime.nanos(scenario.costs().wire());
    }

    static Figures run(Scenario scenario) {
        return new DirectSimulation(scenario).run();
    }

    private Figures run() {
        for (ClosedLoop[] here : ranks) {
            for (ClosedLoop rank : here) {
                rank.go();
            }
        }
        while (time.step()) {
            // until every message has arrived
        }
        return Figures.of(scenario, measurement, 0);
    }

    private boolean trySend(ClosedLoop from, int toNode, int toPlace) {
        long sent = time.now();
        int relative = grid.seenFrom(from.node(), toNode);
        int back = grid.seenFrom(toNode, from.node());
        long there = requesterContext(from.place(), relative, toPlace);
        long here = responderContext(toPlace, back, from.place());
        Costs costs = scenario.costs();
        long delay = VirtualTime.nanos(costs.dma() + costs.wire() + extraNanos(from, there, relative, toPlace));
        int target = scenario.whole() ? toNode : 0;
        time.after(VirtualTime.nanos(costs.post()), () -> nics.get(from.node()).send(there, scenario.bytes(),
                () -> time.after(delay, () -> nics.get(target).receive(here, scenario.bytes(),
                        () -> time.after(VirtualTime.nanos(costs.complete()), () -> arrive(from, sent))))));
        return true;
    }

    private void arrive(ClosedLoop from, long sent) {
        measurement.delivered(sent);
        time.after(acknowledgement, from::acknowledged);
    }

    private long requesterContext(int place, int relative, int peerPlace) {
        return switch (scenario.design()) {
            case ALL_PAIRS -> ((long) place * scenario.nodes() + relative) * scenario.ranks() + peerPlace;
            case PROCESS_TO_NODE -> (long) place * scenario.nodes() + relative;
            case DC -> (long) place * Design.INITIATORS + (relative * scenario.ranks() + peerPlace) % Design.INITIATORS;
            case UD -> place;
            case SHARED, TWO_LEVEL -> throw new IllegalStateException(scenario.design() + " has a multiplexer");
        };
    }

    /** The context that a message from {@code peerPlace} of node {@code relative} needs at {@code place}. */
    private long responderContext(int place, int relative, int peerPlace) {
        return scenario.design() == Design.DC ? (long) scenario.ranks() * Design.INITIATORS + place
                : requesterContext(place, relative, peerPlace);
    }

    private double extraNanos(ClosedLoop from, long context, int relative, int toPlace) {
        if (scenario.design() == Design.UD) {
            return UD_NANOS;
        } else if (scenario.design() != Design.DC) {
            return 0;
        }
        int initiator = from.node() * scenario.ranks() * Design.INITIATORS + (int) context;
        long target = (long) relative * scenario.ranks() + toPlace;
        boolean same = connected[initiator] == target;
        connected[initiator] = target;
        return same ? DC_NANOS : DC_NANOS + DC_RECONNECT_NANOS;
    }
}
