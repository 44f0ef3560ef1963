package org.isthmus.comm.program;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Objects;
import mpi.MPIException;

/** Checks for programs: an error ends the rank and so the job. */
final class Verify {
    private Verify() {}

    /** A call of the API. */
    interface Call {
        void run() throws MPIException;
    }

    /** Values or arrays; for arrays the message names the first index that differs. */
    static void equal(Object expected, Object actual, String what) {
        if (Objects.deepEquals(expected, actual)) {
            return;
        }
        throw new AssertionError(what + ": " + difference(expected, actual));
    }

    private static String difference(Object expected, Object actual) {
        if (expected == null || actual == null || !expected.getClass().isArray()
                || expected.getClass() != actual.getClass()) {
            return "expected " + text(expected) + " but was " + text(actual);
        }
        int length = Array.getLength(expected);
        if (length != Array.getLength(actual)) {
            return "expected length " + length + " but was " + Array.getLength(actual);
        }
        int i = 0;
        while (Objects.deepEquals(Array.get(expected, i), Array.get(actual, i))) {
            i++;
        }
        return "index " + i + " of " + length + ": expected " + text(Array.get(expected, i)) + " but was "
                + text(Array.get(actual, i));
    }

    private static String text(Object value) {
        String deep = Arrays.deepToString(new Object[] {value});
        return deep.substring(1, deep.length() - 1);
    }

    static void that(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    /** The call must throw an {@code MPIException} of this class whose message has all {@code parts} in it. */
    static MPIException raises(int errorClass, Call call, String what, String... parts) {
        try {
            call.run();
        } catch (MPIException e) {
            if (e.getErrorClass() != errorClass) {
                throw new AssertionError(what + ": expected error class " + errorClass + " but was "
                        + e.getErrorClass() + ": " + e.getMessage(), e);
            }
            for (String part : parts) {
                if (!e.getMessage().contains(part)) {
                    throw new AssertionError(what + ": no \"" + part + "\" in: " + e.getMessage(), e);
                }
            }
            return e;
        } catch (RuntimeException e) {
            throw new AssertionError(what + ": expected an MPIException but was " + e, e);
        }
        throw new AssertionError(what + ": expected an MPIException of class " + errorClass);
    }
}
