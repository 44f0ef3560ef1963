package org.isthmus.comm.coll;

import java.util.List;
import java.util.function.Supplier;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.fixture.LocalJob;
import org.isthmus.comm.group.Communicator;

/** What the conformance suites of collectives share: which engine and which algorithms they try, and how they wait. */
abstract class CollectiveConformance {
    /** The engine under test. */
    protected abstract LocalJob job();

    /** The algorithms to try, by name. */
    protected List<String> algorithms(CollectiveKind kind) {
        return AlgorithmTable.ofPointToPoint().algorithms(kind).stream().map(Algorithm::name).toList();
    }

    /** The collectives of {@code comm}, with algorithms forced as {@code setting} says. */
    protected Collectives collectives(Communicator comm, String setting) {
        return new ScheduledCollectives(comm, AlgorithmTable.ofPointToPoint().force(setting));
    }

    /** One way of doing a collective. */
    protected record Variant(Communicator comm, Collectives collectives, boolean blocking, String what) {
        int rank() {
            return comm.rank();
        }

        int size() {
            return comm.size();
        }

        void call(Runnable blockingForm, Supplier<CollectiveRequest> nonBlockingForm) {
            if (blocking) {
                blockingForm.run();
            } else {
                await(comm, nonBlockingForm.get());
            }
        }
    }

    /** What a suite does with each variant. */
    protected interface Check {
        void run(Variant variant);
    }

    protected static void await(Communicator comm, CollectiveRequest request) {
        comm.progress().await(request);
        if (request.errorClass != ErrorClass.SUCCESS) {
            throw new CommException(request.errorClass, request.errorMessage);
        }
    }

    /** Runs {@code check} on {@code ranks} ranks with every algorithm of {@code kind}, blocking and not. */
    protected void forAll(int ranks, CollectiveKind kind, Check check) throws Exception {
        List<String> algorithms = algorithms(kind);
        job().run(ranks, comm -> {
            for (String algorithm : algorithms) {
                Collectives collectives = collectives(comm, kind.key() + "=" + algorithm);
                for (boolean blocking : new boolean[] {true, false}) {
                    check.run(new Variant(comm, collectives, blocking, kind.key() + " " + algorithm
                            + (blocking ? "" : ", non-blocking,") + " rank " + comm.rank() + "/" + comm.size()));
                }
            }
        });
    }
}
