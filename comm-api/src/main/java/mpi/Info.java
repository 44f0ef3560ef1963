package mpi;

import java.util.LinkedHashMap;
import java.util.Map;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/** Hints: an ordered map from key to value (MPI 3.1, chapter 9). Not safe for use by several threads at once. */
public final class Info implements Freeable, Cloneable {
    private Map<String, String> entries;

    public Info() throws MPIException {
        this(new LinkedHashMap<>());
        Session.check();
    }

    /** @param entries null for the null handle */
    Info(Map<String, String> entries) {
        this.entries = entries;
    }

    /** Sets {@code key}, of at most 36 characters, to {@code value}, of at most 256. */
    public void set(String key, String value) throws MPIException {
        Session.check();
        try {
            Map<String, String> map = entries();
            checkKey(key);
            if (value == null || value.isEmpty() || value.length() > Constant.MAX_INFO_VAL) {
                throw new CommException(ErrorClass.INFO_VALUE, "the value of key \"" + key + "\" "
                        + length(value) + "; it must have 1 to " + Constant.MAX_INFO_VAL + " (MPI.MAX_INFO_VAL)");
            }
            map.put(key, value);
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }

    /** The value of {@code key}, null when it is not set. */
    public String get(String key) throws MPIException {
        Session.check();
        try {
            Map<String, String> map = entries();
            checkKey(key);
            return map.get(key);
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }

    public void delete(String key) throws MPIException {
        Session.check();
        try {
            Map<String, String> map = entries();
            checkKey(key);
            if (map.remove(key) == null) {
                throw new CommException(ErrorClass.INFO_NOKEY, "there is no key \"" + key + "\"; it has "
                        + map.keySet());
            }
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }

    public int size() throws MPIException {
        Session.check();
        try {
            return entries().size();
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }

    /** The {@code i}-th key, in the order in which they were set first. */
    public String getKey(int i) throws MPIException {
        Session.check();
        try {
            Map<String, String> map = entries();
            if (i < 0 || i >= map.size()) {
                throw Checks.arg("i is " + i + "; it must be from 0 to " + (map.size() - 1) + " (size() - 1)");
            }
            return map.keySet().stream().skip(i).findFirst().orElseThrow();
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }

    /** As {@link #dup}; an error is a {@code RuntimeException}. */
    @Override
    public Info clone() {
        try {
            return dup();
        } catch (MPIException e) {
            throw new RuntimeException(e.getMessage(), e);
        }
    }

    public Info dup() throws MPIException {
        Session.check();
        try {
            return copy(entries());
        } catch (CommException e) {
            throw Errors.raise(e);
        }
    }

    @Override
    public void free() throws MPIException {
        Session.check();
        entries = null;
    }

    public boolean isNull() {
        return entries == null;
    }

    /** Sets a key of {@code INFO_ENV}, at the start of the session. */
    void putEnvironment(String key, String value) {
        entries.put(key, value);
    }

    /** The value of {@code key}, null when it is not set; needs no session. */
    String valueOf(String key) {
        return entries().get(key);
    }

    /** An independent copy of {@code info}, empty for null or the null handle. */
    static Info copyOf(Info info) {
        return copy(info == null || info.entries == null ? Map.of() : info.entries);
    }

    /** The keys and values of {@code info}, none for null or the null handle. */
    static Map<String, String> hints(Info info) {
        return copyOf(info).entries;
    }

    private static Info copy(Map<String, String> entries) {
        return new Info(new LinkedHashMap<>(entries));
    }

    Map<String, String> entries() {
        if (entries == null) {
            throw new CommException(ErrorClass.INFO, "the info object is INFO_NULL or was freed");
        }
        return entries;
    }

    private static void checkKey(String key) {
        if (key == null || key.isEmpty() || key.length() > Constant.MAX_INFO_KEY) {
            throw new CommException(ErrorClass.INFO_KEY, "the key " + length(key) + "; it must have 1 to "
                    + Constant.MAX_INFO_KEY + " (MPI.MAX_INFO_KEY)");
        }
    }

    private static String length(String text) {
        return text == null ? "is null" : "has " + text.length() + " characters";
    }
}
