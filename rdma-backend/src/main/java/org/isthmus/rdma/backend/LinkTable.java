package org.isthmus.rdma.backend;

import java.util.Arrays;

/** Links by the number of their queue pair; finding one allocates nothing. The owner's thread uses it. */
final class LinkTable {
    private Link[] slots = new Link[16];
    private int[] numbers = new int[16];
    private int size;

    int size() {
        return size;
    }

    void add(int number, Link link) {
        if (2 * (size + 1) > slots.length) {
            Link[] oldSlots = slots;
            int[] oldNumbers = numbers;
            slots = new Link[2 * oldSlots.length];
            numbers = new int[slots.length];
            size = 0;
            for (int i = 0; i < oldSlots.length; i++) {
                if (oldSlots[i] != null) {
                    add(oldNumbers[i], oldSlots[i]);
                }
            }
        }
        int at = number & slots.length - 1;
        while (slots[at] != null) {
            at = at + 1 & slots.length - 1;
        }
        slots[at] = link;
        numbers[at] = number;
        size++;
    }

    /** The link of that queue pair; null if there is none. */
    Link get(int number) {
        int at = number & slots.length - 1;
        while (slots[at] != null) {
            if (numbers[at] == number) {
                return slots[at];
            }
            at = at + 1 & slots.length - 1;
        }
        return null;
    }

    void remove(Link link) {
        Link[] oldSlots = slots.clone();
        int[] oldNumbers = numbers.clone();
        Arrays.fill(slots, null);
        size = 0;
        for (int i = 0; i < oldSlots.length; i++) {
            if (oldSlots[i] != null && oldSlots[i] != link) {
                add(oldNumbers[i], oldSlots[i]);
            }
        }
    }
}
