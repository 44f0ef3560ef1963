package org.isthmus.launch;

import java.util.List;

/** {@code isthmus version}. */
final class VersionCommand implements Subcommand {
    @Override
    public String name() {
        return "version";
    }

    @Override
    public String summary() {
        return "show the version";
    }

    @Override
    public String help() {
        return "Usage: isthmus version\n";
    }

    @Override
    public int run(List<String> arguments) {
        System.out.println("isthmus " + IsthmusCommand.version());
        return 0;
    }
}
