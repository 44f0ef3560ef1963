package org.isthmus.tcpx;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.config.Settings;
import org.isthmus.tcpx.plugin.NetPlugin;
import org.isthmus.tcpx.plugin.NetPluginException;
import org.isthmus.tcpx.zerocopy.DeviceMemory;
import org.isthmus.tcpx.zerocopy.ZeroCopySocket;

/** The ways in which tcpx could carry large transfers on this machine, and why each is or is not used. */
final class Engines {
    private final Settings settings;

    Engines(Settings settings) {
        this.settings = settings;
    }

    List<String> lines() throws IOException {
        TcpxOptions options = TcpxOptions.of(settings);
        List<String> lines = new ArrayList<>();
        lines.add("engine sockets: " + (options.plugin().isEmpty() ? "used for all, " : "used for small messages, ")
                + options.socketsPerNic() + " to a node for each of "
                + String.join(", ", options.addresses().stream().map(InetAddress::getHostAddress).toList()));
        lines.add("engine plugin: " + plugin(options));
        lines.add("zero-copy sends: " + zeroCopy(options));
        List<String> obstacles = new DeviceMemory(Path.of("/")).obstacles();
        lines.add("device memory: "
                + (obstacles.isEmpty() ? "not used, though kernel and cards can: no buffer lies in it"
                : "not used: " + String.join("; ", obstacles)));
        return lines;
    }

    private static String plugin(TcpxOptions options) {
        if (options.plugin().isEmpty()) {
            return "not used: isthmus.tcpx.engine is sockets";
        }
        try {
            return "used for large transfers, " + NetPlugin.load(options.plugin());
        } catch (NetPluginException e) {
            return "cannot be used: " + e.getMessage();
        }
    }

    private String zeroCopy(TcpxOptions options) {
        String obstacle = ZeroCopySocket.obstacle();
        if (!settings.get(Settings.TCPX_ZEROCOPY)) {
            return "not used: isthmus.tcpx.zerocopy is false" + (obstacle == null ? "" : ", and " + obstacle);
        } else if (options.encrypt()) {
            return "not used: isthmus.tcpx.encrypt is true, so all bytes are copied";
        } else if (!options.plugin().isEmpty()) {
            return "not used: the plugin carries the large transfers";
        }
        return obstacle == null ? "used from " + (ZeroCopySocket.SMALLEST >> 10)
                + " KiB on, until a socket's kernel says that it copies" : "cannot be used: " + obstacle;
    }
}
