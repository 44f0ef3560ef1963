package org.isthmus.launch;

import java.util.ArrayList;
import java.util.List;

/** Which ranks each host of a job runs, by the host's index in its list; hosts without a rank are left out. */
record RankPlacement(List<Share> shares) {
    /**
     * One host's ranks.
     *
     * @param ranks ascending; the index is the local rank
     */
    record Share(HostList.Host host, List<Integer> ranks) {}

    /** How ranks are dealt out. */
    enum Order {
        /** A host is filled before the next one is used. */
        SLOT,
        /** Each host in turn gets one rank. */
        NODE
    }

    static RankPlacement of(HostList list, int size, Order order) {
        if (size > list.slots()) {
            throw new UsageException("-n " + size + " ranks do not fit into the " + list.slots() + " slots of " + list
                    + "; start at most " + list.slots() + " or raise the numbers behind the hosts");
        }
        List<List<Integer>> ranks = new ArrayList<>();
        list.hosts().forEach(host -> ranks.add(new ArrayList<>()));
        int host = 0;
        for (int rank = 0; rank < size; rank++) {
            while (ranks.get(host).size() == list.hosts().get(host).slots()) {
                host = (host + 1) % ranks.size();
            }
            ranks.get(host).add(rank);
            if (order == Order.NODE) {
                host = (host + 1) % ranks.size();
            }
        }
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < ranks.size(); i++) {
            if (!ranks.get(i).isEmpty()) {
                shares.add(new Share(list.hosts().get(i), List.copyOf(ranks.get(i))));
            }
        }
        return new RankPlacement(shares);
    }
}
