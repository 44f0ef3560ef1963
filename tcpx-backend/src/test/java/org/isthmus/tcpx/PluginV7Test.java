package org.isthmus.tcpx;

class PluginV7Test extends PluginConformance {
    PluginV7Test() {
        super(7);
    }
}
