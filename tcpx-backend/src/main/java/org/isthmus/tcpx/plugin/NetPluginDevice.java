package org.isthmus.tcpx.plugin;

/**
 * A network card as a plugin describes it.
 *
 * @param index the plugin's number of it
 * @param hostMemory whether it sends from and receives into memory of the host
 * @param megabits speed in Mbit/s
 * @param unpacksOnDevice whether what it receives ends in pieces in a device's memory, to be unpacked by the device
 */
public record NetPluginDevice(int index, String name, boolean hostMemory, int megabits, int maxComms,
        boolean unpacksOnDevice) {}
