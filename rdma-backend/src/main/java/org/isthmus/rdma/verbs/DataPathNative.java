package org.isthmus.rdma.verbs;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Posting and polling: the functions of a device's driver, whose addresses {@link ContextDescriptor} has. They do not
 * block and call nothing of Java, so they run as critical calls. Nothing here allocates. One thread at a time for a
 * queue.
 */
public final class DataPathNative {
    private static final MethodHandle POST =
            handle(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    private static final MethodHandle POLL = handle(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
    private static final MethodHandle NOTIFY = handle(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);

    private DataPathNative() {}

    private static MethodHandle handle(ValueLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments),
                Linker.Option.critical(false));
    }

    /** The function whose pointer lies at {@code offset} of a context. */
    public static MemorySegment function(long context, long offset) {
        return MemorySegment.ofAddress(StructAccess.getLong(context, offset));
    }

    /**
     * post_send, post_recv or post_srq_recv.
     *
     * @param list address of the first request; {@code bad}: where the address of the first refused one is written
     * @return 0 or an errno value
     */
    public static int post(MemorySegment function, long queue, long list, long bad) {
        try {
            return (int) POST.invokeExact(function, queue, list, bad);
        } catch (Throwable t) {
            throw new IllegalStateException("the call of a post function failed", t);
        }
    }

    /** poll_cq: how many completions were written to {@code target}, or a negative number. */
    public static int poll(MemorySegment function, long cq, int most, long target) {
        try {
            return (int) POLL.invokeExact(function, cq, most, target);
        } catch (Throwable t) {
            throw new IllegalStateException("the call of poll_cq failed", t);
        }
    }

    /** req_notify_cq: 0 or an errno value. */
    public static int requestNotification(MemorySegment function, long cq, boolean solicitedOnly) {
        try {
            return (int) NOTIFY.invokeExact(function, cq, solicitedOnly ? 1 : 0);
        } catch (Throwable t) {
            throw new IllegalStateException("the call of req_notify_cq failed", t);
        }
    }
}
