package mpi;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * The user's attributes of one object (MPI 3.1, section 6.7). Values are kept serialized: each read gives a fresh copy,
 * and a duplicate of the object gets its own.
 */
final class Attributes {
    /** Above the numbers of the predefined attributes. */
    private static final AtomicInteger NEXT_KEYVAL = new AtomicInteger(16);

    private final Map<Integer, byte[]> values = new HashMap<>();

    /** Keys of one kind of object. */
    static final class Keyvals {
        private final Set<Integer> live = ConcurrentHashMap.newKeySet();

        int create() {
            int keyval = NEXT_KEYVAL.getAndIncrement();
            live.add(keyval);
            return keyval;
        }

        void free(int keyval) {
            if (!live.remove(keyval)) {
                throw unknown(keyval);
            }
        }

        void check(int keyval) {
            if (!live.contains(keyval)) {
                throw unknown(keyval);
            }
        }

        /**
         * As {@link #check}, but a key that was freed can be used for as long as {@code attributes} has a value of it.
         */
        void checkUse(int keyval, Attributes attributes) {
            if (!attributes.has(keyval)) {
                check(keyval);
            }
        }

        private static CommException unknown(int keyval) {
            return new CommException(ErrorClass.KEYVAL,
                    "keyval is " + keyval + "; it must come from createKeyval() of this class and not be freed");
        }
    }

    synchronized void set(int keyval, Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new CommException(ErrorClass.ARG, "the attribute's value cannot be serialized: " + e, e);
        }
        values.put(keyval, bytes.toByteArray());
    }

    /** A copy of the value, null when none is set. */
    synchronized Object get(int keyval) {
        byte[] bytes = values.get(keyval);
        if (bytes == null) {
            return null;
        }
        try (ObjectInputStream in = new ContextObjectInputStream(bytes)) {
            return in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new CommException(ErrorClass.INTERN, "the attribute's value cannot be read back: " + e, e);
        }
    }

    private synchronized boolean has(int keyval) {
        return values.containsKey(keyval);
    }

    synchronized void delete(int keyval) {
        values.remove(keyval);
    }

    synchronized void copyTo(Attributes other) {
        other.values.putAll(values);
    }

    /** Finds the classes of values where the program's thread finds them. */
    private static final class ContextObjectInputStream extends ObjectInputStream {
        ContextObjectInputStream(byte[] bytes) throws IOException {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass type) throws IOException, ClassNotFoundException {
            ClassLoader loader = Thread.currentThread().getContextClassLoader();
            try {
                return loader == null ? super.resolveClass(type) : Class.forName(type.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(type); // names of primitive types are known there only
            }
        }
    }
}
