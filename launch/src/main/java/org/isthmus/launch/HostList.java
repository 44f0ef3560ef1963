package org.isthmus.launch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The hosts of a job with their slots, from text such as {@code a:4,b:4}; a host without a number has one slot. */
record HostList(List<Host> hosts) {
    private static final int MOST_SLOTS = 4096;
    /** A name or address; a numeric IPv6 address stands in brackets. It must not look like an option of the agent. */
    private static final Pattern ENTRY =
            Pattern.compile("(\\[[0-9a-fA-F:.%]+\\]|[A-Za-z0-9_][A-Za-z0-9_.@-]*)(?::(\\d{1,4}))?");

    /** A host and how many ranks it takes. */
    record Host(String name, int slots) {}

    static HostList parse(String text) {
        List<Host> hosts = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String entry : text.split(",", -1)) {
            Matcher matcher = ENTRY.matcher(entry);
            int slots = !matcher.matches() ? 0 : matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2));
            if (slots < 1 || slots > MOST_SLOTS) {
                throw new IllegalArgumentException("\"" + entry + "\" is not HOST or HOST:SLOTS with 1 to " + MOST_SLOTS
                        + " slots; hosts are separated by commas without blanks");
            }
            if (!names.add(matcher.group(1))) {
                throw new IllegalArgumentException("host " + matcher.group(1)
                        + " is named twice; name it once with all its slots");
            }
            hosts.add(new Host(matcher.group(1), slots));
        }
        return new HostList(hosts);
    }

    int slots() {
        return hosts.stream().mapToInt(Host::slots).sum();
    }

    /** The list as it is written. */
    @Override
    public String toString() {
        return String.join(",", hosts.stream().map(host -> host.name() + ":" + host.slots()).toList());
    }
}
