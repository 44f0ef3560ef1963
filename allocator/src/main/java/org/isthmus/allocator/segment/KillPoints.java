package org.isthmus.allocator.segment;

import java.util.function.Consumer;

/**
 * Tests of sudden deaths stop a process at named points, each behind a store that others can see and that leaves
 * something half done for them to repair. A point is a constant of an enum beside the code that passes it.
 *
 * <p>Tests set the {@link #action} and start the JVM with {@code -Dorg.isthmus.killpoints=true}; otherwise
 * {@link #ENABLED} is a constant false and the compiler removes every trace.
 */
public final class KillPoints {
    public static final boolean ENABLED = Boolean.getBoolean("org.isthmus.killpoints");

    private static volatile Consumer<Enum<?>> action = point -> { };

    private KillPoints() {}

    /** Sets what happens at every point; for tests. */
    public static void action(Consumer<Enum<?>> newAction) {
        action = newAction;
    }

    public static void reach(Enum<?> point) {
        action.accept(point);
    }
}
