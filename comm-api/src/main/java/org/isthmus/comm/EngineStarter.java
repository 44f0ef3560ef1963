package org.isthmus.comm;

import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/** Builds the engine of this process. */
final class EngineStarter {
    private EngineStarter() {}

    static Engine start(boolean multiThreaded) {
        throw new CommException(ErrorClass.UNSUPPORTED_OPERATION, "no engine is part of this build");
    }
}
