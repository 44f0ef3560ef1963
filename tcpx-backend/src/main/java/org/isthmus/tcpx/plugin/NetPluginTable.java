package org.isthmus.tcpx.plugin;

/** Indices of the pointers in a plugin's function table, {@code ncclNet_v7_t} to {@code ncclNet_v10_t}. */
final class NetPluginTable {
    static final int NAME = 0;
    static final int INIT = 1;
    static final int DEVICES = 2;
    static final int GET_PROPERTIES = 3;
    static final int LISTEN = 4;
    static final int CONNECT = 5;
    static final int ACCEPT = 6;
    static final int REG_MR = 7;
    static final int DEREG_MR = 9;
    static final int ISEND = 10;
    static final int IRECV = 11;
    static final int TEST = 13;
    static final int CLOSE_SEND = 14;
    static final int CLOSE_RECV = 15;
    static final int CLOSE_LISTEN = 16;
    static final int IRECV_CONSUMED = 18;
    static final int POINTERS = 19;

    private NetPluginTable() {}
}
