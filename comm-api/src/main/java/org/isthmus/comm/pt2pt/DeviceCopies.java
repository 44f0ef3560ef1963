package org.isthmus.comm.pt2pt;

/** How many steps of this rank's messages wait for copies of devices, at whose end nobody wakes the rank. */
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
