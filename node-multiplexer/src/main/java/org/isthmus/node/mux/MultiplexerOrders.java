package org.isthmus.node.mux;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.isthmus.node.spi.EndpointAddress;

/**
 * What the first rank of a node and its multiplexer say to each other over the multiplexer's standard input and output;
 * the end of either stream is the end of the one who wrote it.
 *
 * <pre>
 *   rank to multiplexer:  Start, then Directory, then any number of failures, then STOP
 *   multiplexer to rank:  the addresses of its shards and their bells, READY, then any number of failures
 * </pre>
 */
final class MultiplexerOrders {
    static final byte STOP = 1;
    static final byte FAILED = 2;
    static final byte READY = 3;
    private static final int MAX_NODES = 1 << 20;

    private MultiplexerOrders() {}

    /**
     * The first order.
     *
     * @param segment path at which the node segment's file can be opened
     * @param jobId name of the job
     * @param secret the job's secret
     * @param node index of this node
     * @param nodes number of nodes
     * @param jobSize ranks of the job
     * @param ranks those of this node, ascending
     * @param shards of each multiplexer
     * @param oversubscribed whether nobody on this node spins
     */
    record Start(String segment, String jobId, byte[] secret, int node, int nodes, int jobSize, int[] ranks,
            int shards, boolean oversubscribed) {
        void write(DataOutputStream out) throws IOException {
            out.writeUTF(segment);
            out.writeUTF(jobId);
            out.writeInt(secret.length);
            out.write(secret);
            out.writeInt(node);
            out.writeInt(nodes);
            out.writeInt(jobSize);
            writeInts(out, ranks);
            out.writeInt(shards);
            out.writeBoolean(oversubscribed);
            out.flush();
        }

        static Start read(DataInputStream in) throws IOException {
            String segment = in.readUTF();
            String jobId = in.readUTF();
            byte[] secret = in.readNBytes(in.readInt());
            return new Start(segment, jobId, secret, in.readInt(), in.readInt(), in.readInt(), readInts(in),
                    in.readInt(), in.readBoolean());
        }
    }

    static void writeDirectory(DataOutputStream out, int[] nodeOfRank, EndpointAddress[][] addresses)
            throws IOException {
        writeInts(out, nodeOfRank);
        out.writeInt(addresses.length);
        for (EndpointAddress[] ofNode : addresses) {
            writeAddresses(out, ofNode);
        }
        out.flush();
    }

    static NodeDirectory readDirectory(DataInputStream in) throws IOException {
        int[] nodeOfRank = readInts(in);
        EndpointAddress[][] addresses = new EndpointAddress[checked(in.readInt())][];
        for (int node = 0; node < addresses.length; node++) {
            addresses[node] = readAddresses(in);
        }
        return new NodeDirectory(nodeOfRank, addresses);
    }

    /** The addresses of one node's shards. */
    static void writeAddresses(DataOutputStream out, EndpointAddress[] addresses) throws IOException {
        out.writeInt(addresses.length);
        for (EndpointAddress address : addresses) {
            out.writeUTF(address.text());
        }
    }

    static EndpointAddress[] readAddresses(DataInputStream in) throws IOException {
        EndpointAddress[] addresses = new EndpointAddress[checked(in.readInt())];
        for (int shard = 0; shard < addresses.length; shard++) {
            addresses[shard] = EndpointAddress.parse(in.readUTF());
        }
        return addresses;
    }

    static void writeFailure(DataOutputStream out, JobFailure failure) throws IOException {
        out.writeByte(FAILED);
        out.writeInt(failure.rank());
        out.writeInt(failure.exitCode());
        out.writeUTF(failure.description());
        out.flush();
    }

    /** What follows {@link #FAILED}. */
    static JobFailure readFailure(DataInputStream in) throws IOException {
        return new JobFailure(in.readInt(), in.readInt(), in.readUTF());
    }

    private static void writeInts(DataOutputStream out, int[] values) throws IOException {
        out.writeInt(values.length);
        for (int value : values) {
            out.writeInt(value);
        }
    }

    private static int[] readInts(DataInputStream in) throws IOException {
        int[] values = new int[checked(in.readInt())];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readInt();
        }
        return values;
    }

    private static int checked(int count) throws IOException {
        if (count < 0 || count > MAX_NODES) {
            throw new IOException("a list of " + count + " entries, at most " + MAX_NODES + " are allowed");
        }
        return count;
    }
}
