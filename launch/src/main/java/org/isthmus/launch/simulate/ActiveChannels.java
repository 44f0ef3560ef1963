package org.isthmus.launch.simulate;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * At most so many channels of a shard send at a time; the others wait for their turn, and records for them gather
 * meanwhile. A channel that has sent its share gives way to the one that has waited longest; all queue pairs stay
 * connected.
 */
final class ActiveChannels {
    /** Frames that a channel sends before it gives way. */
    private static final int SHARE = 4;

    private final int most;
    /** Frames that each has sent since its turn came. */
    private final Map<SimulatedChannel, Integer> active = new HashMap<>();
    private final ArrayDeque<SimulatedChannel> waiting = new ArrayDeque<>();
    private final Set<SimulatedChannel> isWaiting = new HashSet<>();

    /** @param most 0: no limit */
    ActiveChannels(int most) {
        this.most = most;
    }

    /** Whether the channel may post a frame now; if not, its turn comes by a {@link #release}. */
    boolean admit(SimulatedChannel channel) {
        if (most == 0) {
            return true;
        }
        Integer sent = active.get(channel);
        if (sent == null && active.size() < most && waiting.isEmpty()) {
            sent = 0;
        }
        if (sent != null && (sent < SHARE || waiting.isEmpty())) {
            active.put(channel, sent + 1);
            return true;
        }
        if (isWaiting.add(channel)) {
            waiting.add(channel);
        }
        return false;
    }

    /** The channel has no frame under way any more. Returns whose turn has come; null if nobody's has. */
    SimulatedChannel release(SimulatedChannel channel) {
        if (most == 0 || active.remove(channel) == null) {
            return null;
        }
        SimulatedChannel next = waiting.poll();
        if (next != null) {
            isWaiting.remove(next);
            active.put(next, 0);
        }
        return next;
    }
}
