package mpi;

import java.lang.ref.Reference;
import org.isthmus.comm.Engine;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.file.AccessKind;
import org.isthmus.comm.file.AccessKind.Pointer;
import org.isthmus.comm.file.FileRequest;
import org.isthmus.comm.file.ParallelFile;

/**
 * The data access of {@link File} (MPI 3.1, section 13.4): checks the arguments, resolves the buffer, hands over to the
 * engine, turns its errors into what the file's error handler wants. Collective calls hold the engine lock; the others
 * need no engine and run beside it.
 */
final class FileCalls {
    private FileCalls() {}

    /** A request whose errors go to the file's handler. */
    private static final class AccessRequest extends Request {
        private final File file;

        AccessRequest(File file, FileRequest access, Object buf) {
            super(null, access, false, buf, null);
            this.file = file;
        }

        @Override
        MPIException raise(CommException error) {
            return file.raise(error);
        }
    }

    static Status run(File file, boolean write, Pointer pointer, boolean collective, long offset, Object buf, int count,
            Datatype type) throws MPIException {
        Engine engine = Session.engine();
        AccessKind kind = new AccessKind(write, pointer, collective, false);
        try {
            if (!collective) {
                return Status.ofFile(access(file, kind, offset, buf, count, type).result());
            }
            engine.enter();
            try {
                FileRequest access = access(file, kind, offset, buf, count, type);
                engine.progress().await(access);
                return Status.ofFile(access.result());
            } finally {
                engine.exit();
            }
        } catch (CommException e) {
            throw file.raise(e);
        } finally {
            Reference.reachabilityFence(buf);
        }
    }

    static Request start(File file, boolean write, Pointer pointer, boolean collective, long offset, Object buf,
            int count, Datatype type) throws MPIException {
        Engine engine = Session.engine();
        AccessKind kind = new AccessKind(write, pointer, collective, true);
        engine.enter();
        try {
            return new AccessRequest(file, access(file, kind, offset, buf, count, type), buf);
        } catch (CommException e) {
            throw file.raise(e);
        } finally {
            engine.exit();
        }
    }

    private static FileRequest access(File file, AccessKind kind, long offset, Object buf, int count, Datatype type) {
        ParallelFile open = file.open();
        TypeMap map = Checks.message("count", count, type);
        Object base = base(kind.write(), buf, count, map);
        return open.access(kind, offset, base, UserBuffer.offset(buf), count, map);
    }

    private static Object base(boolean write, Object buf, int count, TypeMap map) {
        return write ? UserBuffer.hostSendBase(buf, "buf", count, map)
                : UserBuffer.hostRecvBase(buf, "buf", count, map);
    }

    /** @param name of the call, without {@code Begin} */
    static void begin(File file, String name, boolean write, Pointer pointer, long offset, Object buf, int count,
            Datatype type) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            ParallelFile open = file.open();
            TypeMap map = Checks.message("count", count, type);
            Object base = base(write, buf, count, map);
            open.begin(name, new AccessKind(write, pointer, true, true), offset, base, UserBuffer.offset(buf), count,
                    map);
            file.begun = buf;
        } catch (CommException e) {
            throw file.raise(e);
        } finally {
            engine.exit();
        }
    }

    static Status end(File file, String name, Object buf) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            return Status.ofFile(file.open().end(name));
        } catch (CommException e) {
            throw file.raise(e);
        } finally {
            file.begun = null;
            engine.exit();
            Reference.reachabilityFence(buf);
        }
    }
}
