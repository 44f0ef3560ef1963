package org.isthmus.node.spi;

import java.io.IOException;
import java.util.List;
import org.isthmus.node.config.Settings;

/**
 * One way to carry bytes between nodes: the loopback of this package, striped TCP, verbs. Implementations have a public
 * constructor without arguments and are named in {@code META-INF/services}; {@link Backends} finds them. They hold no
 * state of their own: all of it belongs to the endpoints. Any thread may call any method.
 */
public interface Backend {
    /** Short lower-case name, unique among the backends: the value of the setting {@code isthmus.backend}. */
    String name();

    /**
     * Opens the endpoint of one shard of one node.
     *
     * @throws IOException if it cannot listen or a device is missing; the message names address or device, the cause,
     *     and what to do
     */
    Endpoint open(EndpointContext context) throws IOException;

    /** A line for each way it could carry bytes here: whether these settings use it, and why not. For people. */
    default List<String> describe(Settings settings) throws IOException {
        return List.of();
    }

    /** Examines this machine with these settings, also by trying; may take seconds. */
    default List<Diagnosis> diagnose(Settings settings) throws IOException {
        return List.of();
    }
}
