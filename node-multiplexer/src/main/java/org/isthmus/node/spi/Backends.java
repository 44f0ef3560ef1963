package org.isthmus.node.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The backends on the class path. Any thread may call. */
public final class Backends {
    private Backends() {}

    /** The backend of that name; {@link IllegalArgumentException} that lists those there are. */
    public static Backend named(String name) {
        List<String> names = new ArrayList<>();
        for (Backend backend : ServiceLoader.load(Backend.class, Backends.class.getClassLoader())) {
            if (backend.name().equals(name)) {
                return backend;
            }
            names.add(backend.name());
        }
        throw new IllegalArgumentException("backend \"" + name + "\" is not on the class path; there are " + names
                + ": choose one of them, or put the jar that holds it on the class path");
    }
}
