package org.isthmus.launch.doctor;

import java.util.List;
import org.isthmus.node.config.Settings;

/** A sender that may have more requests under way than the receiver has slots stalls on every one too many. */
final class RequestWindowCheck implements Check {
    private static final String SUBJECT = "request slots";

    @Override
    public List<Finding> look(Machine machine, Settings settings) {
        int send = settings.get(Settings.TCPX_SEND_WINDOW);
        int receive = settings.get(Settings.TCPX_RECEIVE_WINDOW);
        String found = "tcpx sends " + send + " large transfers at once and receives " + receive;
        return List.of(send <= receive ? Finding.ok(SUBJECT, found) : Finding.problem(SUBJECT, found,
                "set isthmus.tcpx.window.send on all nodes to at most isthmus.tcpx.window.receive"));
    }
}
