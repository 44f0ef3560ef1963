package org.isthmus.tcpx;

class PluginV8Test extends PluginConformance {
    PluginV8Test() {
        super(8);
    }
}
