package org.isthmus.comm.pt2pt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.isthmus.node.shm.CorruptRecordException;

/** Transfers that the other side refers to by number. Ids are reused. Owned by the engine thread. */
final class TransferTable {
    private Transfer[] transfers = new Transfer[64];
    private int[] free = new int[64];
    private int freeCount;
    private int used;

    int add(Transfer transfer) {
        int id = freeCount > 0 ? free[--freeCount] : used++;
        if (id == transfers.length) {
            transfers = Arrays.copyOf(transfers, id * 2);
            free = Arrays.copyOf(free, id * 2);
        }
        transfers[id] = transfer;
        transfer.id = id;
        return id;
    }

    /** The transfer with that id and peer; ids come from shared memory, so both are checked. */
    Transfer get(int id, int peer) {
        if (id < 0 || id >= used || transfers[id] == null || transfers[id].peer != peer) {
            throw new CorruptRecordException("transfer id " + id + " from rank " + peer + " is not in progress");
        }
        return transfers[id];
    }

    /** Whether that id is in use by a transfer with {@code peer}. */
    boolean contains(int id, int peer) {
        return id >= 0 && id < used && transfers[id] != null && transfers[id].peer == peer;
    }

    /** Puts {@code rest} where its id says. */
    void replace(Transfer rest) {
        transfers[rest.id] = rest;
    }

    /** Leaves a send to itself that its receiver may still ask for: it is answered with nothing more. */
    void abandon(Transfer send) {
        Transfer rest = send.remainder();
        rest.abandoned = true;
        replace(rest);
        send.id = -1;
    }

    /** The transfers in progress. */
    List<Transfer> all() {
        return Arrays.stream(transfers).filter(Objects::nonNull).toList();
    }

    /** Removes all whose peer that is, and returns them. */
    List<Transfer> removeAllTo(int peer) {
        List<Transfer> found = new ArrayList<>();
        for (int id = 0; id < used; id++) {
            if (transfers[id] != null && transfers[id].peer == peer) {
                found.add(transfers[id]);
            }
        }
        found.forEach(this::remove);
        return found;
    }

    void remove(Transfer transfer) {
        transfers[transfer.id] = null;
        free[freeCount++] = transfer.id;
        transfer.id = -1;
    }
}
