package org.isthmus.tcpx;

class PluginV9Test extends PluginConformance {
    PluginV9Test() {
        super(9);
    }
}
