package org.isthmus.comm.program;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.isthmus.allocator.heap.HeapCensus;
import org.isthmus.comm.Engine;
import org.isthmus.comm.EngineInternals;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.pt2pt.PointToPoint;
import org.isthmus.comm.pt2pt.TransferRequest;
import org.isthmus.comm.rma.Exposure;
import org.isthmus.node.endpoint.RankEndpoint;
import org.isthmus.node.shm.NodeSegment;

/**
 * Main of ranks that exchange messages of all sizes, some of them unexpected, until one is killed; the survivors take
 * back what it had. Each prints "sending" after some rounds, "settled" when it has, and on a line of input the node's
 * census.
 *
 * <p>Arguments: a seed; "window" if all make a window before, which gives access to the memory of the dead for as long
 * as it is not freed.
 */
public final class HeapDeathMain {
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);
    private static final int BATCH = 8;
    private static final int MAX_BYTES = 70_000;

    private HeapDeathMain() {}

    public static void main(String[] args) throws Exception {
        Engine engine = EngineInternals.start();
        engine.onFailure((rank, code, text) -> System.out.println("failed: " + rank));
        RankEndpoint endpoint = EngineInternals.endpoint(engine);
        List<ByteBuffer> buffers = new ArrayList<>();
        boolean exposes = args.length > 1 && args[1].equals("window");
        if (exposes) {
            engine.windows().create(engine.world(), new Exposure(Exposure.Flavor.ALLOCATE, null, 0, 1 << 20, 1), null);
        }
        try {
            exchange(engine, buffers, Integer.parseInt(args[0]));
        } catch (CommException e) {
            System.out.println("survivor got " + e.getMessage());
            if (engine.survivesFailures()) {
                engine.failures().revoke(engine.world()); // or the others would wait for this one's messages
            }
        }
        int victim = engine.world().size() - 1;
        NodeSegment segment = endpoint.segment();
        while (isHeld(segment, segment.messageHeap(victim)) || !exposes && isHeld(segment, segment.userHeap(victim))) {
            work(engine);
            Thread.sleep(1);
        }
        for (int i = 0; exposes && i < 1000; i++) {
            work(engine);
        }
        endpoint.takeBackFromDead();
        System.out.println("buffers of the dead " + (isHeld(segment, segment.userHeap(victim)) ? "kept" : "free"));
        System.out.println("settled");
        System.in.read();
        endpoint.heap().trim();
        System.out.println("trimmed");
        System.in.read();
        System.out.println(HeapCensus.of(endpoint.segment().heaps()) + " buffers " + buffers.size() + " counted");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static boolean isHeld(NodeSegment segment, int heap) {
        return segment.heaps().isAlive(heap) || segment.heaps().isUnreaped(heap);
    }

    private static void work(Engine engine) {
        if (engine.survivesFailures()) {
            int ignored = engine.progress().poll();
        }
        EngineInternals.endpoint(engine).takeBackFromDead();
    }

    private static void exchange(Engine engine, List<ByteBuffer> buffers, int seed) {
        Communicator world = engine.world();
        PointToPoint messages = engine.pointToPoint();
        byte[] out = new byte[MAX_BYTES];
        byte[] in = new byte[MAX_BYTES];
        Random sizes = new Random(seed);
        for (int round = 0;; round++) {
            int bytes = 1 + sizes.nextInt(MAX_BYTES);
            List<TransferRequest> requests = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                for (int peer = 0; peer < world.size(); peer++) {
                    if (peer != world.rank()) {
                        requests.add(messages.isend(world, PointToPoint.Mode.STANDARD, out, 0, bytes, BYTE, peer, i));
                    }
                }
            }
            for (int i = BATCH - 1; i >= 0; i--) {
                for (int peer = 0; peer < world.size(); peer++) {
                    if (peer != world.rank()) {
                        messages.recv(world, in, 0, bytes, BYTE, peer, i, null);
                    }
                }
            }
            for (TransferRequest request : requests) {
                engine.progress().await(request);
                messages.release(request);
            }
            if (round < 5) {
                buffers.add(engine.allocateMessageBuffer(100_000));
            }
            if (round == 20) {
                System.out.println("sending");
            }
        }
    }
}
