package org.isthmus.tcpx.plugin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A plugin that is loaded, and those of its network cards that can be used with memory of the host. A library is loaded
 * and initialised once in a process. Any thread may call.
 */
public final class NetPlugin {
    private static final Map<String, NetPlugin> LOADED = new HashMap<>();

    private final NetPluginNative functions;
    private final List<NetPluginDevice> devices;

    private NetPlugin(NetPluginNative functions, List<NetPluginDevice> devices) {
        this.functions = functions;
        this.devices = devices;
    }

    /**
     * The library that is meant.
     *
     * @param setting path or name; empty: as NCCL, {@code variable}, else {@code libnccl-net.so}
     * @param variable value of {@code NCCL_NET_PLUGIN}, a path, a file name or what comes after {@code libnccl-net-};
     *     null if it is not set
     */
    public static String file(String setting, String variable) {
        if (!setting.isEmpty()) {
            return setting;
        } else if (variable == null || variable.isEmpty()) {
            return "libnccl-net.so";
        }
        return variable.contains("/") || variable.contains(".so") ? variable : "libnccl-net-" + variable + ".so";
    }

    /** @throws NetPluginException that says why it cannot be used and what to do */
    public static synchronized NetPlugin load(String file) throws NetPluginException {
        if (!NetPlugin.class.getModule().isNativeAccessEnabled()) {
            throw new NetPluginException(file + " cannot be loaded without native access: start java with"
                    + " --enable-native-access=ALL-UNNAMED");
        }
        NetPlugin loaded = LOADED.get(file);
        if (loaded == null) {
            NetPluginNative functions = NetPluginNative.load(file);
            loaded = new NetPlugin(functions, usable(functions));
            LOADED.put(file, loaded);
        }
        return loaded;
    }

    private static List<NetPluginDevice> usable(NetPluginNative functions) throws NetPluginException {
        List<NetPluginDevice> usable = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < functions.devices(); i++) {
            NetPluginDevice device = functions.device(i);
            if (!device.hostMemory()) {
                refused.add(device.name() + " takes memory of devices alone");
            } else if (device.unpacksOnDevice()) {
                refused.add(device.name() + " receives into the memory of a GPU, which has to unpack it");
            } else {
                usable.add(device);
            }
        }
        if (usable.isEmpty()) {
            throw new NetPluginException("plugin " + functions.name() + " has no network card for memory of the host"
                    + (refused.isEmpty() ? "" : ": " + String.join(", ", refused)) + "; use engine sockets");
        }
        return List.copyOf(usable);
    }

    public NetPluginNative functions() {
        return functions;
    }

    /** At least one. */
    public List<NetPluginDevice> devices() {
        return devices;
    }

    @Override
    public String toString() {
        return functions.name() + " (interface " + functions.version() + ", " + devices.size() + " network cards)";
    }
}
