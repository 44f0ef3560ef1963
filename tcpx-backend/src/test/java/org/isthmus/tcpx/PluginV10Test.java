package org.isthmus.tcpx;

class PluginV10Test extends PluginConformance {
    PluginV10Test() {
        super(10);
    }
}
