package org.isthmus.launch.simulate;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One direction of a queue pair over a network that loses, doubles, delays and reorders packets. Both ends do what a
 * reliable connection does: number the packets, send again what nobody acknowledged, deliver in order and once.
 */
final class FaultyLink {
    private static final long RESEND_NANOS = 150_000;

    private final VirtualTime time;
    private final FaultPlan plan;
    private final SplittableRandom random;
    private final Map<Long, SimulatedChannel.Frame> unacknowledged = new TreeMap<>();
    private final Map<Long, byte[]> early = new TreeMap<>();
    private final Consumer<byte[]> receiver;
    private final Consumer<SimulatedChannel.Frame> onAcknowledged;
    private long next;
    private long expected;
    private boolean broken;
    private long lost;
    private long overtaken;

    /**
     * @param receiver takes the frames at the far end
     * @param onAcknowledged told at the near end of frames that have arrived, in order
     */
    FaultyLink(VirtualTime time, FaultPlan plan, SplittableRandom random, Consumer<byte[]> receiver,
            Consumer<SimulatedChannel.Frame> onAcknowledged) {
        this.time = time;
        this.plan = plan;
        this.random = random;
        this.receiver = receiver;
        this.onAcknowledged = onAcknowledged;
    }

    void send(SimulatedChannel.Frame frame) {
        long number = next++;
        unacknowledged.put(number, frame);
        transmit(number, frame);
    }

    /** One of the ends is dead. */
    void cut() {
        broken = true;
    }

    long lost() {
        return lost;
    }

    long overtaken() {
        return overtaken;
    }

    private void transmit(long number, SimulatedChannel.Frame frame) {
        if (broken || !unacknowledged.containsKey(number)) {
            return;
        }
        if (happens(plan.loss())) {
            lost++;
        } else {
            time.after(delay(), () -> arrive(number, frame.bytes()));
        }
        if (happens(plan.duplicate())) {
            time.after(delay(), () -> arrive(number, frame.bytes()));
        }
        time.after(VirtualTime.nanos(RESEND_NANOS), () -> transmit(number, frame));
    }

    private void arrive(long number, byte[] bytes) {
        if (broken) {
            return;
        }
        if (number > expected) {
            overtaken++;
        }
        if (number >= expected) {
            early.put(number, bytes);
        }
        byte[] inOrder;
        while ((inOrder = early.remove(expected)) != null) {
            expected++;
            receiver.accept(inOrder);
        }
        long upTo = expected;
        if (happens(plan.loss())) {
            lost++;
        } else {
            time.after(delay(), () -> acknowledge(upTo));
        }
    }

    private void acknowledge(long upTo) {
        var numbers = unacknowledged.entrySet().iterator();
        while (!broken && numbers.hasNext()) {
            Map.Entry<Long, SimulatedChannel.Frame> entry = numbers.next();
            if (entry.getKey() >= upTo) {
                return;
            }
            numbers.remove();
            onAcknowledged.accept(entry.getValue());
        }
    }

    private boolean happens(double chance) {
        return random.nextDouble() < chance;
    }

    private long delay() {
        return VirtualTime.nanos(500.0 + random.nextInt(plan.mostDelayNanos()));
    }
}
