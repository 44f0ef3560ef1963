package org.isthmus.comm;

import org.isthmus.node.endpoint.RankEndpoint;

/** What tests of real jobs look at inside an engine. */
public final class EngineInternals {
    private EngineInternals() {}

    /** Joins the job of this process. */
    public static Engine start() {
        return EngineStarter.start(false);
    }

    public static RankEndpoint endpoint(Engine engine) {
        return ((NodeEngine) engine).endpoint();
    }
}
