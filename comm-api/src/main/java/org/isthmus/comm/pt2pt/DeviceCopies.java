package org.isthmus.comm.pt2pt;

/** How many copies of this rank's messages from and to devices are under way; nobody wakes a rank when one ends. */
final class DeviceCopies {
    private int underWay;

    void begin() {
        underWay++;
    }

    void end() {
        underWay--;
    }

    boolean isAny() {
        return underWay != 0;
    }
}
