package org.isthmus.comm.group;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.isthmus.comm.coll.AlgorithmTable;
import org.isthmus.comm.coll.ScheduledCollectives;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.node.connect.ConnectedProcesses;

/**
 * Two groups whose members may be of different jobs tell each other their members' names: through their leaders, who
 * swap one message. Collective over each group, under the engine lock.
 */
public final class GroupNames {
    private static final int REFUSED = -1;
    private static final int MAX_TAG = 0x3fff_ffff;
    private static final TypeMap INT = TypeMap.of(Primitive.INT);
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);

    private final Communicator local;
    private final int leader;
    private final ConnectedProcesses connected;
    private final ScheduledCollectives collectives;

    /** How the leader swaps a message for that of the other leader; throws {@code CommException}. */
    public interface Swap {
        byte[] swap(byte[] mine);
    }

    public GroupNames(Communicator local, int leader, ConnectedProcesses connected) {
        this.local = local;
        this.leader = leader;
        this.connected = connected;
        this.collectives = new ScheduledCollectives(local, AlgorithmTable.ofPointToPoint());
    }

    /**
     * The other group.
     *
     * @param swap called by the leader only; when it throws, all of the group throw
     */
    public RemoteGroup exchange(Swap swap) {
        // The first line is this group's part of the tag; all members take it from the leader.
        List<String> own = gather();
        int[] random = {new SplittableRandom().nextInt() & MAX_TAG};
        collectives.bcast(random, 0, 1, INT, leader);
        List<String> theirs = lines(swapAndTell(swap, random[0] + "\n" + String.join("\n", own)));
        try {
            int[] numbers = theirs.stream().skip(1).mapToInt(connected::number).toArray();
            int tag = random[0] ^ Integer.parseInt(theirs.getFirst()) & MAX_TAG;
            boolean comesFirst = ConnectedProcesses.key(theirs.get(1))
                    .compareTo(ConnectedProcesses.key(own.getFirst())) < 0;
            checkDisjoint(local, numbers);
            return new RemoteGroup(numbers, comesFirst, true, tag);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new CommException(ErrorClass.INTERN, "the other group's list of members is malformed: "
                    + e.getMessage(), e);
        }
    }

    static void checkDisjoint(Communicator local, int[] remote) {
        for (int number : remote) {
            if (local.rankOfWorld(number) >= 0) {
                throw new CommException(ErrorClass.COMM,
                        "rank " + local.rankOfWorld(number) + " of the communicator is in both groups of the"
                        + " intercommunicator; they must have no member in common");
            }
        }
    }

    /** The names of all members of this process's group. */
    private List<String> gather() {
        UncheckedIOException failure = null;
        byte[] name = new byte[0];
        try {
            name = connected.ownName().getBytes(StandardCharsets.UTF_8);
        } catch (UncheckedIOException e) {
            failure = e;
        }
        int[] lengths = new int[local.size()];
        collectives.allgather(new int[] {name.length}, 0, 1, INT, lengths, 0, 1, INT);
        int[] starts = new int[lengths.length];
        for (int i = 1; i < starts.length; i++) {
            starts[i] = starts[i - 1] + lengths[i - 1];
        }
        byte[] all = new byte[Arrays.stream(lengths).sum()];
        collectives.allgatherv(name, 0, name.length, BYTE, all, 0, lengths, starts, BYTE);
        String[] names = new String[lengths.length];
        for (int i = 0; i < names.length; i++) {
            if (lengths[i] == 0) {
                throw new CommException(ErrorClass.OTHER, failure != null ? failure.getMessage() : "rank " + i
                        + " of the communicator cannot take connections from other jobs", failure);
            }
            names[i] = new String(all, starts[i], lengths[i], StandardCharsets.UTF_8);
        }
        return List.of(names);
    }

    /** The other leader's message, on all members. */
    private byte[] swapAndTell(Swap swap, String mine) {
        byte[] theirs = null;
        int[] length = {REFUSED};
        CommException refusal = null;
        if (local.rank() == leader) {
            try {
                theirs = swap.swap(mine.getBytes(StandardCharsets.UTF_8));
                length[0] = theirs.length;
            } catch (CommException e) {
                refusal = e;
            }
        }
        collectives.bcast(length, 0, 1, INT, leader);
        if (refusal != null) {
            throw refusal;
        }
        if (length[0] == REFUSED) {
            throw new CommException(ErrorClass.PORT,
                    "rank " + leader + " of the communicator, which spoke for it, could not meet the other group;"
                    + " its own error says why");
        }
        if (theirs == null) {
            theirs = new byte[length[0]];
        }
        collectives.bcast(theirs, 0, theirs.length, BYTE, leader);
        return theirs;
    }

    private static List<String> lines(byte[] message) {
        return new String(message, StandardCharsets.UTF_8).lines().toList();
    }
}
