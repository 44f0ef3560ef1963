package org.isthmus;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import mpi.Comm;
import mpi.MPI;
import mpi.MPIException;
import mpi.Message;
import mpi.Status;
import org.isthmus.access.MpiAccess;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/**
 * Messages of serializable objects of one type.
 *
 * <p>An object travels as one message of {@code MPI.BYTE}, in Java's serialized form, at most 2^31 - 1 bytes of it.
 * Receivers accept only what their filter allows: without one of the program's own that is the type itself and classes
 * of {@code java.lang}, {@code java.util}, {@code java.math} and {@code java.time}; name other classes that the object
 * refers to with {@link #accepting}. An object that is not accepted, or is of another type, raises {@code ERR_TYPE};
 * its message is gone then. Immutable; threads and other errors as in {@link Comm}.
 *
 * @param <T> type of the objects
 */
public final class Objects<T extends Serializable> {
    private static final String STANDARD = "java.lang.*;java.util.*;java.util.concurrent.*;java.math.*;java.time.*;!*";

    private final Class<T> type;
    private final ObjectInputFilter filter;

    private Objects(Class<T> type, ObjectInputFilter filter) {
        this.type = type;
        this.filter = filter;
    }

    /** Messages of {@code type}. */
    public static <T extends Serializable> Objects<T> of(Class<T> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return new Objects<>(type, ObjectInputFilter.Config.createFilter(
                (element.isPrimitive() ? "" : element.getName() + ";") + STANDARD));
    }

    /** The same messages with {@code filter} deciding alone what a received object may consist of. */
    public Objects<T> accepting(ObjectInputFilter filter) {
        return new Objects<>(type, java.util.Objects.requireNonNull(filter, "filter"));
    }

    /** Sends a copy of {@code object}, which may be null. */
    public void send(Comm comm, T object, int dest, int tag) throws MPIException {
        byte[] bytes = write(comm, object);
        comm.send(bytes, bytes.length, MPI.BYTE, dest, tag);
    }

    /** Receives an object; {@code source} and {@code tag} may be wildcards. */
    public T recv(Comm comm, int source, int tag) throws MPIException {
        Message message = new Message();
        Status status = message.mProbe(source, tag, comm);
        if (status.getSource() == MPI.PROC_NULL) {
            return null;
        }
        byte[] bytes = new byte[status.getCount(MPI.BYTE)];
        message.mRecv(bytes, bytes.length, MPI.BYTE);
        return read(comm, bytes, 0, bytes.length, status.getSource());
    }

    /** The root's object on all ranks; what the others pass is ignored. Collective over an intracommunicator. */
    public T bcast(Comm comm, T object, int root) throws MPIException {
        boolean isRoot = comm.getRank() == root;
        byte[] bytes = isRoot ? write(comm, object) : null;
        int[] length = {isRoot ? bytes.length : 0};
        comm.bcast(length, 1, MPI.INT, root);
        if (!isRoot) {
            bytes = new byte[length[0]];
        }
        comm.bcast(bytes, length[0], MPI.BYTE, root);
        return isRoot ? object : read(comm, bytes, 0, bytes.length, root);
    }

    /** The objects of all ranks, in order, at the root; null elsewhere. Collective over an intracommunicator. */
    public List<T> gather(Comm comm, T object, int root) throws MPIException {
        byte[] bytes = write(comm, object);
        boolean isRoot = comm.getRank() == root;
        int[] lengths = isRoot ? new int[comm.getSize()] : null;
        comm.gather(new int[] {bytes.length}, 1, MPI.INT, lengths, 1, MPI.INT, root);
        int[] starts = isRoot ? starts(comm, lengths) : null;
        byte[] all = isRoot ? new byte[starts[lengths.length]] : null;
        comm.gatherv(bytes, bytes.length, MPI.BYTE, all, lengths, starts, MPI.BYTE, root);
        return isRoot ? readAll(comm, all, lengths, starts) : null;
    }

    /** The objects of all ranks, in order, on all. Collective over an intracommunicator. */
    public List<T> allGather(Comm comm, T object) throws MPIException {
        byte[] bytes = write(comm, object);
        int[] lengths = new int[comm.getSize()];
        comm.allGather(new int[] {bytes.length}, 1, MPI.INT, lengths, 1, MPI.INT);
        int[] starts = starts(comm, lengths);
        byte[] all = new byte[starts[lengths.length]];
        comm.allGatherv(bytes, bytes.length, MPI.BYTE, all, lengths, starts, MPI.BYTE);
        return readAll(comm, all, lengths, starts);
    }

    private static int[] starts(Comm comm, int[] lengths) throws MPIException {
        int[] starts = new int[lengths.length + 1];
        for (int i = 0; i < lengths.length; i++) {
            long end = (long) starts[i] + lengths[i];
            if (end > Integer.MAX_VALUE) {
                throw MpiAccess.get().raise(comm, new CommException(ErrorClass.COUNT, "the objects of all ranks have "
                        + end + " bytes or more together, at most 2147483647 are possible; send them one by one"));
            }
            starts[i + 1] = (int) end;
        }
        return starts;
    }

    private List<T> readAll(Comm comm, byte[] all, int[] lengths, int[] starts) throws MPIException {
        List<T> objects = new ArrayList<>(lengths.length);
        for (int i = 0; i < lengths.length; i++) {
            objects.add(read(comm, all, starts[i], lengths[i], i));
        }
        return objects;
    }

    private byte[] write(Comm comm, T object) throws MPIException {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(object);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw MpiAccess.get().raise(comm, new CommException(ErrorClass.TYPE,
                    "the object of " + type.getName() + " cannot be serialized: " + e, e));
        }
    }

    private T read(Comm comm, byte[] bytes, int start, int length, int source) throws MPIException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes, start, length))) {
            in.setObjectInputFilter(filter);
            return type.cast(in.readObject());
        } catch (IOException | ClassNotFoundException | ClassCastException e) {
            throw MpiAccess.get().raise(comm, new CommException(ErrorClass.TYPE, "the object from rank " + source
                    + " is not accepted as " + type.getName() + ": " + e
                    + "; use the same type on both sides, and accepting(filter) for classes that it refers to", e));
        }
    }
}
