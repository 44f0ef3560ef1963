package org.isthmus.comm.dynamic;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.isthmus.node.bootstrap.exchange.Rendezvous;

/**
 * A host on which members of a communicator can start processes.
 *
 * @param starter the member that does it
 * @param name of the host
 * @param addresses of its network cards
 */
record SpawnHost(int starter, String name, List<String> addresses) {
    /** Room for what a host says of itself. */
    static final int BYTES = 1024;

    /** This host. */
    static SpawnHost here(int starter, String name) {
        return new SpawnHost(starter, name, Rendezvous.localAddresses().stream().map(InetAddress::getHostAddress)
                .map(address -> address.replaceFirst("%.*", "")).toList());
    }

    /** Whether a user may mean it by that text. */
    boolean isCalled(String text) {
        return text.equals(name) || text.startsWith(name + ".") || name.startsWith(text + ".")
                || addresses.contains(text);
    }

    byte[] encode() {
        byte[] text = String.join(" ", Stream.concat(Stream.of(name), addresses.stream()).toList())
                .getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(text, BYTES);
    }

    static SpawnHost decode(int starter, byte[] all, int start) {
        List<String> words = new ArrayList<>(List.of(new String(all, start, BYTES, StandardCharsets.UTF_8)
                .replace("\0", "").split(" ")));
        return new SpawnHost(starter, words.removeFirst(), words);
    }
}
