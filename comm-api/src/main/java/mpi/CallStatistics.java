package mpi;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import org.isthmus.comm.Engine;
import org.isthmus.comm.coll.Collectives;
import org.isthmus.comm.datatype.TypeMap;

/**
 * Counts the calls of this rank between two {@link MPI#pControl}s: how many, how many bytes, how long (MPI 3.1, section
 * 14.2.4). Point-to-point calls ask {@link #begin} and {@link #end}; collectives are counted by an engine that
 * {@link #watched} puts before the real one, so that they cost nothing more while nobody counts. Any thread.
 */
final class CallStatistics {
    private static final Map<String, Row> ROWS = new ConcurrentHashMap<>();

    private static volatile boolean counting;

    private CallStatistics() {}

    private static final class Row {
        final LongAdder calls = new LongAdder();
        final LongAdder bytes = new LongAdder();
        final LongAdder nanos = new LongAdder();
    }

    static boolean isCounting() {
        return counting;
    }

    static void setCounting(boolean on) {
        counting = on;
    }

    /** The time at which a call begins, 0 while nobody counts. */
    static long begin() {
        return counting ? System.nanoTime() : 0;
    }

    /** Counts the call that began at {@code start}. */
    static void end(long start, String call, int count, TypeMap type) {
        if (start != 0) {
            add(call, count * type.size(), System.nanoTime() - start);
        }
    }

    private static void add(String call, long bytes, long nanos) {
        Row row = ROWS.computeIfAbsent(call, name -> new Row());
        row.calls.increment();
        row.bytes.add(bytes);
        row.nanos.add(nanos);
    }

    /** What was counted since the last report, as a table. */
    static String takeReport(String title) {
        StringBuilder table = new StringBuilder(title).append('\n')
                .append(String.format(Locale.ROOT, "%12s %16s %14s  call%n", "calls", "bytes", "seconds"));
        for (String call : new TreeMap<>(ROWS).keySet()) {
            Row row = ROWS.remove(call);
            if (row != null) {
                table.append(String.format(Locale.ROOT, "%12d %16d %14.6f  %s%n", row.calls.sum(),
                        row.bytes.sum(), row.nanos.sum() * 1e-9, call));
            }
        }
        return table.toString();
    }

    /** {@code engine} with collectives that count. */
    static Engine watched(Engine engine) {
        return proxy(Engine.class, (self, method, arguments) -> {
            Object result = invoke(method, engine, arguments);
            return result instanceof Collectives collectives ? watched(collectives) : result;
        });
    }

    private static Collectives watched(Collectives collectives) {
        return proxy(Collectives.class, (self, method, arguments) -> {
            long start = System.nanoTime();
            Object result = invoke(method, collectives, arguments);
            add(standardName(method.getName()), arguments == null ? 0 : bytes(arguments), System.nanoTime() - start);
            return result;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** {@code ireduceScatterBlock} is {@code MPI_Ireduce_scatter_block}. */
    private static String standardName(String method) {
        return "MPI_" + Character.toUpperCase(method.charAt(0))
                + method.substring(1).replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** Bytes of the first buffer that the arguments describe: count, type or counts, displacements, type. */
    private static long bytes(Object[] arguments) {
        for (int k = 1; k < arguments.length; k++) {
            Object before = arguments[k - 1];
            Object counts = before instanceof int[] && arguments[k - 2] instanceof int[] ? arguments[k - 2] : before;
            if (counts instanceof Integer count && arguments[k] instanceof TypeMap type) {
                return count * type.size();
            } else if (counts instanceof int[] array && arguments[k] instanceof TypeMap type) {
                return sum(array, i -> type);
            } else if (counts instanceof int[] array && arguments[k] instanceof TypeMap[] types) {
                return sum(array, i -> types[i]);
            }
        }
        return 0;
    }

    private static long sum(int[] counts, IntFunction<TypeMap> type) {
        long bytes = 0;
        for (int i = 0; i < counts.length; i++) {
            bytes += counts[i] == 0 ? 0 : counts[i] * type.apply(i).size();
        }
        return bytes;
    }
}
