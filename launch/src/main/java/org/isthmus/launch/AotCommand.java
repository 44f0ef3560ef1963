package org.isthmus.launch;

import java.io.IOException;
import java.util.List;

/** {@code isthmus aot}: makes the cache that lets ranks start faster; {@code ./isthmus} does it after each build. */
final class AotCommand implements Subcommand {
    @Override
    public String name() {
        return "aot";
    }

    @Override
    public String summary() {
        return "make the cache beside isthmus.jar with which ranks start faster";
    }

    @Override
    public String help() {
        return "Usage: isthmus aot\n\nStarts a short job of two ranks and keeps what the JVM learnt in isthmus.aot.\n";
    }

    @Override
    public int run(List<String> arguments) throws IOException, InterruptedException {
        if (!arguments.isEmpty()) {
            throw new UsageException("unexpected argument " + arguments.getFirst());
        }
        AotCache.make();
        return 0;
    }
}
