package org.isthmus.rdma.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.isthmus.node.spi.ChannelFailure;
import org.isthmus.node.spi.EndpointContext;
import org.isthmus.node.wire.Greeting;
import org.isthmus.node.wire.HelloException;
import org.isthmus.node.wire.HelloExchange;
import org.isthmus.node.wire.HelloService;

/**
 * The hellos of new queue pairs. They run in threads of {@link HelloService} and virtual ones; the owner's thread,
 * which calls everything here, moves their messages.
 */
final class Greeter {
    /** Told by threads of hellos. */
    interface Outcome {
        boolean admits(Link link, Greeting said);

        /** Whether the hello of a link that this node dialled may be sent. */
        boolean isWanted(Link link);

        void onGreeted(Link link, int peer, long channelId);

        /** @param forGood another try would end in the same way */
        void onRefused(Link link, ChannelFailure.Cause cause, String description, boolean forGood);
    }

    private final EndpointContext context;
    private final long lingerNanos;
    private final ControlSlots control;
    private final Runnable wakeup;
    private final Outcome outcome;
    private final HelloService hellos;
    private final List<Link> greeting = new ArrayList<>();

    /** @param wakeup has the owner call {@link #serve} */
    Greeter(EndpointContext context, RdmaOptions options, ControlSlots control, Runnable wakeup, Outcome outcome) {
        this.context = context;
        this.lingerNanos = options.closeNanos();
        this.control = control;
        this.wakeup = wakeup;
        this.outcome = outcome;
        this.hellos = new HelloService(options.helloNanos());
    }

    /** Begins the hello of a queue pair that is connected. */
    void greet(Link link) {
        link.state = Link.State.GREETING;
        greeting.add(link);
        HelloChannel hello = hello(link);
        String name = "queue pair " + link.queuePairNumber();
        HelloExchange exchange = new HelloExchange(hello, context.job(), name);
        if (link.peer < 0) {
            hellos.serve(hello, () -> {
                Greeting said = hellos.withDeadline(hello, name,
                        () -> exchange.accept(context.node(), context.shard(), 0,
                                theirs -> outcome.admits(link, theirs)));
                outcome.onGreeted(link, said.node(), said.incarnation());
                return said;
            });
            return;
        }
        if (!outcome.isWanted(link)) {
            outcome.onRefused(link, ChannelFailure.Cause.UNREACHABLE, "the peer has begun a channel at the same time",
                    false);
            return;
        }
        Greeting ours = new Greeting(context.node(), link.peer, context.shard(), 0, 0, link.channelId);
        Thread.ofVirtual().name("isthmus-dial").start(() -> {
            try {
                hellos.withDeadline(hello, name, () -> exchange.dial(ours));
                outcome.onGreeted(link, link.peer, link.channelId);
            } catch (HelloException e) {
                boolean forGood = !e.reason().isTransient();
                outcome.onRefused(link, forGood ? ChannelFailure.Cause.REFUSED : ChannelFailure.Cause.UNREACHABLE,
                        e.getMessage(), forGood);
            } catch (IOException e) {
                outcome.onRefused(link, ChannelFailure.Cause.UNREACHABLE, e.getMessage(), false);
            }
        });
    }

    /** A message of a hello has come; it may be there before the connection is known to be. */
    void receive(Link link, ByteBuffer message) {
        hello(link).receive(message);
    }

    private HelloChannel hello(Link link) {
        if (link.hello == null) {
            link.hello = new HelloChannel(wakeup);
        }
        return link.hello;
    }

    boolean isBusy() {
        return !greeting.isEmpty();
    }

    /** Sends what hellos have written; how much. Links whose hello has failed leave when that is out. */
    int serve(long now, List<Link> leaving) {
        int done = 0;
        for (int i = greeting.size() - 1; i >= 0; i--) {
            Link link = greeting.get(i);
            done += send(link);
            boolean refused = link.peer < 0 && !link.hello.isOpen();
            if (refused && !link.lingers) {
                link.lingers = true;
                link.lingersSince = now;
            }
            if (link.broken() != null || link.lingers && now - link.lingersSince > lingerNanos) {
                greeting.remove(i);
                if (link.peer < 0) {
                    leaving.add(link); // of one that dialled, the hello's thread says how it ended
                }
            }
        }
        return done;
    }

    private int send(Link link) {
        int done = 0;
        while (link.hasRoom(1)) {
            byte[] message = link.hello.take();
            if (message == null) {
                break;
            }
            control.send(link, message);
            done++;
        }
        return done;
    }

    /** The hello is done; its last message goes out before anything else. */
    void finish(Link link) {
        if (greeting.remove(link)) {
            send(link);
        }
    }

    /** No hello goes on; the links that were in one. */
    List<Link> close() {
        hellos.close();
        List<Link> left = List.copyOf(greeting);
        greeting.clear();
        return left;
    }
}
