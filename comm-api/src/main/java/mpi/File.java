package mpi;

import java.nio.Buffer;
import java.util.Map;
import org.isthmus.comm.Engine;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.file.AccessKind.Pointer;
import org.isthmus.comm.file.ParallelFile;
import org.isthmus.comm.group.Communicator;

/**
 * A file that the ranks of a communicator have open together (MPI 3.1, chapter 13).
 *
 * <p>Buffers are as in {@link Comm}; what is no {@code Object} but a {@code Buffer} stays in use until the request is
 * complete. Offsets and positions count etypes of the view, which {@link #setView} sets and which is at first the whole
 * file as bytes; counts are in elements of the datatype. A read that meets the end of the file gets less, as its status
 * says.
 *
 * <p>Calls whose names have {@code All} or {@code Ordered} in them, and those that say "collective", are made by all
 * ranks in the same order. Blocking independent calls may run in several threads at once; collective calls of a file in
 * one thread at a time. An error goes to the file's error handler, by default {@link MPI#ERRORS_RETURN}: the call
 * throws an {@link MPIException} with the path and the system's reason.
 *
 * <p>What one rank writes others see at once on one node; between nodes as the file system has it after {@link #sync}
 * or {@link #close} here and there. With {@link #setAtomicity} each access excludes others that overlap with it.
 *
 * <p>The file is a table of API methods; the work behind them is in {@link FileCalls} and the engine.
 */
public final class File {
    private ParallelFile file;
    private Errhandler errhandler = Errhandler.RETURN;
    private FileView view = new FileView(0, MPI.BYTE, MPI.BYTE, "native");
    /** Buffer of the split collective access under way, kept alive. */
    Object begun;

    /** Opens a file without hints. Collective. */
    public File(Comm comm, String filename, int amode) throws MPIException {
        this(comm, filename, amode, null);
    }

    /**
     * Opens a file. Collective.
     *
     * @param comm an intracommunicator
     * @param amode one of {@code MPI.MODE_RDONLY}, {@code MODE_WRONLY} and {@code MODE_RDWR} with any of
     *     {@code MODE_CREATE}, {@code MODE_EXCL} (must not exist), {@code MODE_DELETE_ON_CLOSE}, {@code MODE_APPEND}
     *     (positions begin at the end), {@code MODE_SEQUENTIAL} (shared and ordered access only) and
     *     {@code MODE_UNIQUE_OPEN} (a promise that nobody else has it open); the same on all ranks
     * @param info hints, of which rank 0's count; null for none
     */
    public File(Comm comm, String filename, int amode, Info info) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        Communicator own = null;
        try {
            if (comm == null) {
                throw new CommException(ErrorClass.COMM, "comm is null");
            }
            if (comm.communicator().isInter()) {
                throw new CommException(ErrorClass.COMM, "comm is an intercommunicator; a file needs an "
                        + "intracommunicator, which merge() makes of it");
            }
            own = engine.communicators().dup(comm.communicator());
            file = ParallelFile.open(own, engine::nodeOf, Session.threadLevel() == Constant.THREAD_MULTIPLE, filename,
                    amode, Info.hints(info));
        } catch (CommException e) {
            if (own != null) {
                engine.communicators().free(own);
            }
            throw raise(e);
        } finally {
            engine.exit();
        }
    }

    /** The engine's side. */
    ParallelFile open() {
        if (file == null) {
            throw new CommException(ErrorClass.FILE, "the file is closed");
        }
        return file;
    }

    /** Does with an error what the error handler wants. */
    MPIException raise(CommException error) {
        return Errors.raise(errhandler, describe(), error);
    }

    private String describe() {
        return file == null ? "a file that is not open" : "file " + file.name();
    }

    private interface Query<T> {
        T ask(ParallelFile file);
    }

    private <T> T local(Query<T> query) throws MPIException {
        Session.check();
        try {
            return query.ask(open());
        } catch (CommException e) {
            throw raise(e);
        }
    }

    private interface Change {
        void make(ParallelFile file);
    }

    private void collective(Change change) throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            change.make(open());
        } catch (CommException e) {
            throw raise(e);
        } finally {
            engine.exit();
        }
    }

    /** Closes the file after all accesses that are under way; what was written is visible to all then. Collective. */
    public void close() throws MPIException {
        Engine engine = Session.engine();
        engine.enter();
        try {
            ParallelFile closing = open();
            closing.close();
            engine.communicators().free(closing.comm());
            file = null;
        } catch (CommException e) {
            throw raise(e);
        } finally {
            engine.exit();
        }
    }

    /** Deletes a file that nobody has open. Errors are thrown. */
    public static void delete(String filename) throws MPIException {
        delete(filename, null);
    }

    /** As {@link #delete(String)} with hints, of which none matters. */
    public static void delete(String filename, Info info) throws MPIException {
        Session.check();
        try {
            ParallelFile.delete(filename);
        } catch (CommException e) {
            throw Errors.exception(e);
        }
    }

    /** Cuts the file, or lengthens it by zeros that may take no room. Collective; the same size on all ranks. */
    public void setSize(long size) throws MPIException {
        collective(f -> f.setSize(size));
    }

    /** Makes the file at least {@code size} bytes long, with room on the device for what is added. Collective. */
    public void preallocate(long size) throws MPIException {
        collective(f -> f.preallocate(size));
    }

    /** In bytes. */
    public long getSize() throws MPIException {
        return local(ParallelFile::size);
    }

    /** The processes that opened the file, to be freed by the caller. */
    public Group getGroup() throws MPIException {
        return local(f -> new Group(f.comm().localWorldRanks()));
    }

    /** As it was passed when the file was opened. */
    public int getAMode() throws MPIException {
        return local(ParallelFile::mode);
    }

    /** Sets hints, of which rank 0's count. Collective. */
    public void setInfo(Info info) throws MPIException {
        Map<String, String> hints = Info.hints(info);
        collective(f -> f.setHints(hints));
    }

    /** The hints in force, to be freed by the caller. */
    public Info getInfo() throws MPIException {
        return local(f -> new Info(f.hints()));
    }

    /** Sets the view without hints. Collective. */
    public void setView(long disp, Datatype etype, Datatype filetype, String datarep) throws MPIException {
        setView(disp, etype, filetype, datarep, null);
    }

    /**
     * Sets what this rank sees of the file, and the positions to 0. Collective; {@code datarep} and the extent of
     * {@code etype} are the same on all ranks.
     *
     * @param disp where the view begins, in bytes; {@code MPI.DISPLACEMENT_CURRENT} in a sequential file
     * @param filetype made of etypes, at displacements that are 0 or more and do not go back
     * @param datarep {@code native}, {@code internal} or {@code external32}
     * @param info hints, of which rank 0's count; null for none
     */
    public void setView(long disp, Datatype etype, Datatype filetype, String datarep, Info info) throws MPIException {
        Map<String, String> hints = Info.hints(info);
        collective(f -> f.setView(disp, Checks.type(etype), Checks.type(filetype), datarep, hints));
        view = new FileView(disp == MPI.DISPLACEMENT_CURRENT ? file.displacement() : disp, etype.sameType(),
                filetype.sameType(), datarep);
    }

    /** The view that was set last. Its datatypes are handles of their own; derived ones are freed by the caller. */
    public FileView getView() {
        return new FileView(view.getDisp(), view.getEType().sameType(), view.getFileType().sameType(),
                view.getDataRep());
    }

    // Explicit offsets: section 13.4.2.

    public Status readAt(long offset, Object buf, int count, Datatype type) throws MPIException {
        return FileCalls.run(this, false, Pointer.EXPLICIT, false, offset, buf, count, type);
    }

    public Status readAtAll(long offset, Object buf, int count, Datatype type) throws MPIException {
        return FileCalls.run(this, false, Pointer.EXPLICIT, true, offset, buf, count, type);
    }

    public Status writeAt(long offset, Object buf, int count, Datatype type) throws MPIException {
        return FileCalls.run(this, true, Pointer.EXPLICIT, false, offset, buf, count, type);
    }

    public Status writeAtAll(long offset, Object buf, int count, Datatype type) throws MPIException {
        return FileCalls.run(this, true, Pointer.EXPLICIT, true, offset, buf, count, type);
    }

    public Request iReadAt(long offset, Buffer buf, int count, Datatype type) throws MPIException {
        return FileCalls.start(this, false, Pointer.EXPLICIT, false, offset, buf, count, type);
    }

    public Request iReadAtAll(long offset, Buffer buf, int count, Datatype type) throws MPIException {
        return FileCalls.start(this, false, Pointer.EXPLICIT, true, offset, buf, count, type);
    }

    public Request iWriteAt(long offset, Buffer buf, int count, Datatype type) throws MPIException {
        return FileCalls.start(this, true, Pointer.EXPLICIT, false, offset, buf, count, type);
    }

    public Request iWriteAtAll(long offset, Buffer buf, int count, Datatype type) throws MPIException {
        return FileCalls.start(this, true, Pointer.EXPLICIT, true, offset, buf, count, type);
    }

    // This rank's own position: section 13.4.3. Non-blocking calls move it at once, by all they ask for.

    public Status read(Object buf, int count, Datatype type) throws MPIException {
        return FileCalls.run(this, false, Pointer.INDIVIDUAL, false, 0, buf, count, type);
    }

    public Status readAll(Object buf, int count, Datatype type) throws MPIException {
        return FileCalls.run(this, false, Pointer.INDIVIDUAL, true, 0, buf, count, type);
    }

    public Status write(Object buf, int count, Datatype type) throws MPIException {
        return FileCalls.run(this, true, Pointer.INDIVIDUAL, false, 0, buf, count, type);
    }

    public Status writeAll(Object buf, int count, Datatype type) throws MPIException {
        return FileCalls.run(this, true, Pointer.INDIVIDUAL, true, 0, buf, count, type);
    }

    public Request iRead(Buffer buf, int count, Datatype type) throws MPIException {
        return FileCalls.start(this, false, Pointer.INDIVIDUAL, false, 0, buf, count, type);
    }

    public Request iReadAll(Buffer buf, int count, Datatype type) throws MPIException {
        return FileCalls.start(this, false, Pointer.INDIVIDUAL, true, 0, buf, count, type);
    }

    public Request iWrite(Buffer buf, int count, Datatype type) throws MPIException {
        return FileCalls.start(this, true, Pointer.INDIVIDUAL, false, 0, buf, count, type);
    }

    public Request iWriteAll(Buffer buf, int count, Datatype type) throws MPIException {
        return FileCalls.start(this, true, Pointer.INDIVIDUAL, true, 0, buf, count, type);
    }

    /**
     * Moves this rank's position.
     *
     * @param offset in etypes, may be negative
     * @param whence {@code MPI.SEEK_SET}, {@code SEEK_CUR} or {@code SEEK_END}
     */
    public void seek(long offset, int whence) throws MPIException {
        local(f -> {
            f.seek(offset, whence);
            return null;
        });
    }

    /** This rank's position. */
    public long getPosition() throws MPIException {
        return local(ParallelFile::position);
    }

    /** Bytes from the start of the file to the etype at {@code offset} of the view. */
    public long getByteOffset(long offset) throws MPIException {
        return local(f -> f.byteOffset(offset));
    }

    // The position of all ranks: section 13.4.4. All have the same view. Ordered access goes in the order of ranks.

    public Status readShared(Object buf, int count, Datatype type) throws MPIException {
        return FileCalls.run(this, false, Pointer.SHARED, false, 0, buf, count, type);
    }

    public Status writeShared(Object buf, int count, Datatype type) throws MPIException {
        return FileCalls.run(this, true, Pointer.SHARED, false, 0, buf, count, type);
    }

    public Request iReadShared(Buffer buf, int count, Datatype type) throws MPIException {
        return FileCalls.start(this, false, Pointer.SHARED, false, 0, buf, count, type);
    }

    public Request iWriteShared(Buffer buf, int count, Datatype type) throws MPIException {
        return FileCalls.start(this, true, Pointer.SHARED, false, 0, buf, count, type);
    }

    public Status readOrdered(Object buf, int count, Datatype type) throws MPIException {
        return FileCalls.run(this, false, Pointer.SHARED, true, 0, buf, count, type);
    }

    public Status writeOrdered(Object buf, int count, Datatype type) throws MPIException {
        return FileCalls.run(this, true, Pointer.SHARED, true, 0, buf, count, type);
    }

    /** Moves the shared position; as {@link #seek}. Collective; the same arguments on all ranks. */
    public void seekShared(long offset, int whence) throws MPIException {
        collective(f -> f.seekShared(offset, whence));
    }

    /** The shared position. */
    public long getPositionShared() throws MPIException {
        return local(ParallelFile::sharedPosition);
    }

    // Split collective access: section 13.4.5. One at a time for each file; the buffer is in use until the end.

    public void readAtAllBegin(long offset, Object buf, int count, Datatype type) throws MPIException {
        FileCalls.begin(this, "readAtAll", false, Pointer.EXPLICIT, offset, buf, count, type);
    }

    public Status readAtAllEnd(Object buf) throws MPIException {
        return FileCalls.end(this, "readAtAll", buf);
    }

    public void writeAtAllBegin(long offset, Object buf, int count, Datatype type) throws MPIException {
        FileCalls.begin(this, "writeAtAll", true, Pointer.EXPLICIT, offset, buf, count, type);
    }

    public Status writeAtAllEnd(Object buf) throws MPIException {
        return FileCalls.end(this, "writeAtAll", buf);
    }

    public void readAllBegin(Object buf, int count, Datatype type) throws MPIException {
        FileCalls.begin(this, "readAll", false, Pointer.INDIVIDUAL, 0, buf, count, type);
    }

    public Status readAllEnd(Object buf) throws MPIException {
        return FileCalls.end(this, "readAll", buf);
    }

    public void writeAllBegin(Object buf, int count, Datatype type) throws MPIException {
        FileCalls.begin(this, "writeAll", true, Pointer.INDIVIDUAL, 0, buf, count, type);
    }

    public Status writeAllEnd(Object buf) throws MPIException {
        return FileCalls.end(this, "writeAll", buf);
    }

    public void readOrderedBegin(Object buf, int count, Datatype type) throws MPIException {
        FileCalls.begin(this, "readOrdered", false, Pointer.SHARED, 0, buf, count, type);
    }

    public Status readOrderedEnd(Object buf) throws MPIException {
        return FileCalls.end(this, "readOrdered", buf);
    }

    public void writeOrderedBegin(Object buf, int count, Datatype type) throws MPIException {
        FileCalls.begin(this, "writeOrdered", true, Pointer.SHARED, 0, buf, count, type);
    }

    public Status writeOrderedEnd(Object buf) throws MPIException {
        return FileCalls.end(this, "writeOrdered", buf);
    }

    /** The extent that {@code type} has in this file, in units of its base: the same as in memory. */
    public int getTypeExtent(Datatype type) throws MPIException {
        local(f -> Checks.definedType(type));
        return type.getExtent();
    }

    /** Whether accesses of different ranks exclude one another where they overlap. Collective, the same on all. */
    public void setAtomicity(boolean atomicity) throws MPIException {
        collective(f -> f.setAtomicity(atomicity));
    }

    public boolean getAtomicity() throws MPIException {
        return local(ParallelFile::atomicity);
    }

    /** Returns once what this rank has written is on the device. Collective. */
    public void sync() throws MPIException {
        collective(ParallelFile::sync);
    }

    public void setErrhandler(Errhandler errhandler) throws MPIException {
        local(f -> {
            Checks.notNull(errhandler, "errhandler");
            return null;
        });
        this.errhandler = errhandler;
    }

    public Errhandler getErrhandler() throws MPIException {
        return local(f -> errhandler);
    }

    /** Does what the error handler does with {@code errorCode}; with {@code ERRORS_RETURN} that is nothing. */
    public void callErrhandler(int errorCode) throws MPIException {
        local(f -> null);
        if (errhandler != Errhandler.RETURN) {
            Errors.endJob(errhandler, describe(), errorCode);
        }
    }
}
