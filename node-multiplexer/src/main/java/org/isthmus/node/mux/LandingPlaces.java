package org.isthmus.node.mux;

import java.util.HashMap;
import java.util.Map;
import org.isthmus.node.shm.CorruptRecordException;
import org.isthmus.node.shm.NodeSegment;

/**
 * Where in this node's segment the messages go whose receivers have given a place for all of their bytes: known from
 * the clear-to-send that leaves this node until the last byte has arrived.
 *
 * <p>Owned by the multiplexer's thread.
 */
final class LandingPlaces {
    /** A receive of the rank at a place, by its id there. */
    private record Key(int place, int receive) {}

    /** One message's place; pieces are announced in order. */
    static final class Landing {
        final int source;
        final long offset;
        final long bytes;
        private long announced;
        private long arrived;

        Landing(int source, long offset, long bytes) {
            this.source = source;
            this.offset = offset;
            this.bytes = bytes;
        }

        /** Where in the segment the next piece goes. */
        long next(int from, long position, long piece) {
            if (from != source || position != announced || piece > bytes - position) {
                throw new CorruptRecordException("piece of " + piece + " bytes at " + position + " from rank " + from
                        + " where " + announced + " of " + bytes + " bytes from rank " + source
                        + " have been announced");
            }
            announced += piece;
            return offset + position;
        }

        /** Whether the message is whole with these bytes. */
        boolean arrive(long piece) {
            arrived += piece;
            return arrived == bytes;
        }
    }

    private final NodeSegment segment;
    private final Map<Key, Landing> landings = new HashMap<>();

    LandingPlaces(NodeSegment segment) {
        this.segment = segment;
    }

    /** The rank at {@code place} waits for {@code bytes} from rank {@code source} there. Checks what the rank wrote. */
    void add(int place, int receive, int source, long offset, long bytes) {
        if (receive < 0 || bytes <= 0 || offset < 0 || !segment.holds(offset, bytes)
                || landings.putIfAbsent(new Key(place, receive), new Landing(source, offset, bytes)) != null) {
            throw new CorruptRecordException("landing place of " + bytes + " bytes at " + offset + " for receive "
                    + receive + " of place " + place);
        }
    }

    /** Null if the message has no place of its own. */
    Landing find(int place, int receive) {
        return landings.get(new Key(place, receive));
    }

    void remove(int place, int receive) {
        landings.remove(new Key(place, receive));
    }
}
