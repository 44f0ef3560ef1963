package org.isthmus.rdma.provider;

import java.io.IOException;

/** Checks of objects that a caller hands in. */
final class Handles {
    private Handles() {}

    /** The object as the class of this provider; an exception that names it if it is another provider's, or closed. */
    static <T> T open(Class<T> type, Object object, boolean open) throws IOException {
        if (!type.isInstance(object)) {
            throw new IOException("not a " + type.getSimpleName() + " of this provider: " + object
                    + "; make it with the provider that is installed");
        }
        if (!open) {
            throw new IOException("this " + type.getSimpleName() + " is closed: " + object);
        }
        return type.cast(object);
    }
}
