package org.isthmus.rdma.extension;

import com.ibm.disni.verbs.RdmaProvider;
import java.lang.reflect.Field;

/**
 * Which provider DiSNI uses. DiSNI knows its own native one alone and keeps it in a private field for the life of the
 * process; here that field is set before anything else opens it. Any thread may call.
 */
public final class VerbsProviders {
    private static final String FIELD = "provider";

    private VerbsProviders() {}

    /** Makes {@code provider} the one of this process; {@link IllegalStateException} if another one is in use. */
    public static void install(RdmaProvider provider) {
        synchronized (RdmaProvider.class) {
            RdmaProvider current = installed();
            if (current != null && current != provider) {
                throw new IllegalStateException("cannot install the verbs provider " + provider + ": " + current
                        + " is in use already; choose one for each process");
            }
            replace(provider);
        }
    }

    /** As {@link #install}, also after another one; nothing of the other one may be open any more. */
    public static void replace(RdmaProvider provider) {
        try {
            synchronized (RdmaProvider.class) {
                field().set(null, provider);
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the field was made accessible", e);
        }
    }

    /** The installed provider; null if DiSNI would load its own native one. */
    public static RdmaProvider installed() {
        try {
            synchronized (RdmaProvider.class) {
                return (RdmaProvider) field().get(null);
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the field was made accessible", e);
        }
    }

    private static Field field() {
        try {
            Field field = RdmaProvider.class.getDeclaredField(FIELD);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("this version of DiSNI has no field RdmaProvider." + FIELD
                    + ": use version 2.0", e);
        }
    }
}
