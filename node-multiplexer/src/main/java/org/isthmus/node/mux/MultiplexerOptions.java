package org.isthmus.node.mux;

import org.isthmus.node.config.Settings;

/**
 * Settings of a multiplexer.
 *
 * @param holdNanos most time that a batch is held open, 0 for never
 * @param creditBytes most bytes under way from one node to one rank of another; equal on all nodes
 * @param laneBytes most bytes of one rank's records that wait in the multiplexer
 */
public record MultiplexerOptions(long holdNanos, long creditBytes, long laneBytes) {
    private static final int PROCESSORS_FOR_TWO = 8;
    private static final int PROCESSORS_FOR_FOUR = 32;

    /** What the settings say. */
    public static MultiplexerOptions of(Settings settings) {
        return new MultiplexerOptions(1000L * settings.get(Settings.MUX_HOLD_MICROS), settings.get(Settings.MUX_CREDIT),
                settings.get(Settings.MUX_LANE));
    }

    /** How many shards a job's multiplexers have, as seen by a rank that may use so many processors. */
    public static int shards(Settings settings, int processors) {
        int wanted = settings.get(Settings.MUX_SHARDS);
        if (wanted != 0) {
            return wanted;
        }
        return processors < PROCESSORS_FOR_TWO ? 1 : processors < PROCESSORS_FOR_FOUR ? 2 : 4;
    }
}
