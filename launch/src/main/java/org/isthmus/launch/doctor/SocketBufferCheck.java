package org.isthmus.launch.doctor;

import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.config.Settings;

/** How large the kernel lets the buffers of a TCP connection grow. */
final class SocketBufferCheck implements Check {
    private static final long WANTED = 4L << 20;

    @Override
    public List<Finding> look(Machine machine, Settings settings) {
        List<Finding> findings = new ArrayList<>();
        for (String name : List.of("tcp_rmem", "tcp_wmem")) {
            machine.read("/proc/sys/net/ipv4/" + name).ifPresent(text -> {
                String[] words = text.split("\\s+");
                String first = text.substring(0, text.length() - words[words.length - 1].length());
                long most = Long.parseLong(words[words.length - 1]);
                String found = "net.ipv4." + name + " grows to " + (most >> 10) + " KiB";
                findings.add(most >= WANTED ? Finding.ok("socket buffers", found)
                        : Finding.note("socket buffers", found,
                        "too little for a fast link: sysctl net.ipv4." + name + "=\"" + first + 4 * WANTED + "\""));
            });
        }
        return findings;
    }
}
