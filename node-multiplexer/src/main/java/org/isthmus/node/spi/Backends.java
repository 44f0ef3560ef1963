package org.isthmus.node.spi;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** The backends on the class path. Any thread may call. */
public final class Backends {
    private Backends() {}

    /**
     * Opens an endpoint of the first of the backends that opens; the last one's failure is the caller's.
     *
     * @param names one or several, in order, such as {@code rdma,tcpx}
     * @param report is told in one line of each that does not open and which comes instead
     */
    public static Endpoint open(String names, EndpointContext context, Consumer<String> report) throws IOException {
        String[] all = names.split(",");
        for (int i = 0; i < all.length - 1; i++) {
            try {
                return named(all[i]).open(context);
            } catch (IOException e) {
                report.accept("isthmus: node " + context.node() + " cannot use backend " + all[i] + ", takes "
                        + all[i + 1] + " instead: " + e.getMessage());
            }
        }
        return named(all[all.length - 1]).open(context);
    }

    /** All there are. */
    public static List<Backend> all() {
        List<Backend> all = new ArrayList<>();
        ServiceLoader.load(Backend.class, Backends.class.getClassLoader()).forEach(all::add);
        return all;
    }

    /** The backend of that name; {@link IllegalArgumentException} that lists those there are. */
    public static Backend named(String name) {
        List<String> names = new ArrayList<>();
        for (Backend backend : all()) {
            if (backend.name().equals(name)) {
                return backend;
            }
            names.add(backend.name());
        }
        throw new IllegalArgumentException("backend \"" + name + "\" is not on the class path; there are " + names
                + ": choose one of them, or put the jar that holds it on the class path");
    }
}
