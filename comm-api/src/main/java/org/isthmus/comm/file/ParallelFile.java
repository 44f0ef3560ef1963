package org.isthmus.comm.file;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.file.FileGroup.Same;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.progress.Progress;

/**
 * A file that the ranks of a communicator have open together (MPI 3.1, chapter 13), without checks of buffers: those
 * are the API layer's. Offsets in calls are in etypes of the current view where MPI has them so.
 *
 * <p>Calls that say "collective" are made by all ranks in the same order, by one thread at a time, under the engine
 * lock; after an error on one rank they throw on all. All others may be made from any thread, without that lock. Errors
 * are {@code CommException}s with the path and the system's reason.
 */
public final class ParallelFile {
    /** Origins of {@link #seek}. */
    public static final int SEEK_SET = 600;
    public static final int SEEK_CUR = 602;
    public static final int SEEK_END = 604;
    /** Displacement of a view that begins at the shared position. */
    public static final long DISPLACEMENT_CURRENT = -54278278;

    private final FileGroup group;
    private final Progress progress;
    private final boolean multiThreaded;
    private final AtomicInteger pending = new AtomicInteger();
    private Path path;
    private AccessMode mode;
    private Storage storage;
    private SharedPosition shared;
    private volatile Hints hints;
    private volatile View view = View.ofBytes();
    private volatile boolean atomic;
    private volatile boolean lockWrites;
    private volatile boolean closed;
    private long position;
    private FileRequest split;
    private String splitName;

    private ParallelFile(FileGroup group, boolean multiThreaded) {
        this.group = group;
        this.progress = group.comm().progress();
        this.multiThreaded = multiThreaded;
    }

    /**
     * Opens a file. Collective.
     *
     * @param comm an intracommunicator that nobody else uses until the file is closed
     * @param nodeOf the node of a rank of the job
     * @param multiThreaded whether other threads of this rank may want the engine during a collective access
     * @param modeBits of {@link AccessMode}, the same on all ranks
     * @param wanted hints; rank 0's count
     */
    public static ParallelFile open(Communicator comm, IntUnaryOperator nodeOf, boolean multiThreaded, String name,
            int modeBits, Map<String, String> wanted) {
        ParallelFile file = new ParallelFile(new FileGroup(comm, nodeOf), multiThreaded);
        file.open(name, modeBits, wanted);
        return file;
    }

    private void open(String name, int modeBits, Map<String, String> wanted) {
        group.agree("opening a file", () -> {
            mode = AccessMode.of(modeBits);
            path = path(name);
            hints = Hints.defaults(group.nodes()).with(wanted);
        }, () -> List.of(new Same("amode", modeBits)));
        boolean first = isFirst();
        try {
            group.agree("opening " + path, first ? () -> storage = Storage.open(path, mode, true) : null);
            group.agree("opening " + path, first ? null : () -> storage = Storage.open(path, mode, false));
        } catch (CommException e) {
            if (storage != null) {
                storage.close();
            }
            throw e;
        }
        hints = hints.with(hintsOfFirst(wanted));
        position = mode.has(AccessMode.APPEND) ? group.ofFirst(storage.size()) : 0;
        shared = new SharedPosition(Path.of(group.ofFirst(first ? hiddenPath() : "")), position);
    }

    private static Path path(String name) {
        if (name == null || name.isEmpty()) {
            throw new CommException(ErrorClass.BAD_FILE,
                    "filename is " + (name == null ? "null" : "empty") + "; pass the path of a file");
        }
        try {
            return Path.of(name).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new CommException(ErrorClass.BAD_FILE, "filename is no path: " + e.getMessage(), e);
        }
    }

    /** Beside the file, so that all nodes see it; for one node and a directory without write access elsewhere. */
    private String hiddenPath() {
        Path directory = path.getParent();
        if (!Files.isWritable(directory) && group.nodes() == 1) {
            directory = Path.of(System.getProperty("java.io.tmpdir"));
        }
        return directory.resolve("." + path.getFileName() + "." + UUID.randomUUID() + ".position").toString();
    }

    private Map<String, String> hintsOfFirst(Map<String, String> wanted) {
        StringBuilder lines = new StringBuilder();
        wanted.forEach((key, value) -> lines.append(key).append('\0').append(value).append('\0'));
        String[] words = group.ofFirst(lines.toString()).split("\0", -1);
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i + 1 < words.length; i += 2) {
            all.put(words[i], words[i + 1]);
        }
        return all;
    }

    /** Deletes a file that nobody has open. */
    public static void delete(String name) {
        Storage.delete(path(name));
    }

    private boolean isFirst() {
        return group.comm().rank() == 0;
    }

    /** Closes the file once all accesses are over; may delete it. Collective. */
    public void close() {
        checkOpen();
        progress.await(() -> pending.get() == 0);
        closed = true;
        CommException failure = null;
        try {
            group.agree("closing " + path, () -> {
                shared.close();
                storage.close();
            });
        } catch (CommException e) {
            failure = e;
        }
        group.agree("closing " + path, isFirst() ? () -> {
            shared.delete();
            if (mode.has(AccessMode.DELETE_ON_CLOSE)) {
                Storage.delete(path);
            }
        } : null);
        if (failure != null) {
            throw failure;
        }
    }

    /** For messages. */
    public String name() {
        return String.valueOf(path);
    }

    public Communicator comm() {
        return group.comm();
    }

    public int mode() {
        checkOpen();
        return mode.bits();
    }

    /** All hints in force. */
    public Map<String, String> hints() {
        checkOpen();
        return hints.values();
    }

    /** Collective; rank 0's hints count. */
    public void setHints(Map<String, String> wanted) {
        checkOpen();
        group.agree("setting hints", () -> hints.with(wanted));
        hints = hints.with(hintsOfFirst(wanted));
        lockWrites = group.any(mode.writes() && hints.sieves(true, view));
    }

    /** Cuts or lengthens the file. Collective. */
    public void setSize(long size) {
        resize("setting the size of " + path, size, () -> storage.setSize(size));
    }

    /** Makes sure that the file is at least this long and that what is added has room on the device. Collective. */
    public void preallocate(long size) {
        resize("preallocating " + path, size, () -> storage.preallocate(size));
    }

    private void resize(String what, long size, FileGroup.Attempt attempt) {
        checkOpen();
        group.agree(what, () -> {
            checkWrites();
            checkRandomAccess();
            if (size < 0) {
                throw new CommException(ErrorClass.ARG, "size is " + size + "; it must be 0 or more");
            }
        }, () -> List.of(new Same("size", size)));
        group.agree(what, isFirst() ? attempt : null);
    }

    public long size() {
        checkOpen();
        return storage.size();
    }

    /** Brings what this rank has written to the device. Collective. */
    public void sync() {
        checkOpen();
        group.agree("synchronizing " + path, mode.writes() ? storage::sync : null);
    }

    /** Collective. */
    public void setAtomicity(boolean atomicity) {
        checkOpen();
        group.agree("setting the atomicity of " + path, null,
                () -> List.of(new Same("atomicity", atomicity ? 1 : 0)));
        atomic = atomicity;
    }

    public boolean atomicity() {
        checkOpen();
        return atomic;
    }

    /**
     * Sets what this rank sees of the file, and all positions to 0. Collective.
     *
     * @param displacement in bytes, or {@link #DISPLACEMENT_CURRENT}
     */
    public void setView(long displacement, TypeMap etype, TypeMap filetype, String representation,
            Map<String, String> wanted) {
        checkOpen();
        View[] made = new View[1];
        group.agree("setting the view of " + path, () -> {
            hints.with(wanted);
            made[0] = View.of(start(displacement), etype, filetype, Representation.of(representation));
        }, () -> List.of(new Same("the size of etype", etype.size()), new Same("the extent of etype", etype.extent()),
                new Same("the number of datarep", made[0].representation().ordinal())));
        hints = hints.with(hintsOfFirst(wanted));
        boolean sieves = group.any(mode.writes() && hints.sieves(true, made[0]));
        synchronized (this) {
            view = made[0];
            position = 0;
            lockWrites = sieves;
        }
        group.agree("setting the view of " + path, () -> shared.reset(isFirst()));
    }

    /** Where the view begins, in bytes. */
    public long displacement() {
        return view.displacement();
    }

    private long start(long displacement) {
        if (displacement != DISPLACEMENT_CURRENT) {
            return displacement;
        }
        if (!mode.has(AccessMode.SEQUENTIAL)) {
            throw new CommException(ErrorClass.DISP, "disp is MPI.DISPLACEMENT_CURRENT, which is for files opened with "
                    + "MPI.MODE_SEQUENTIAL; pass a number of bytes from 0 on");
        }
        return offsetOf(view, shared.getAndAdd(0));
    }

    private static long offsetOf(View view, long position) {
        return view.blocks().isEmpty() ? view.displacement() : view.blocks().offsetOf(position);
    }

    /** Bytes from the start of the file to the etype at {@code offset}. */
    public long byteOffset(long offset) {
        checkOpen();
        checkRandomAccess();
        return offsetOf(view, explicit(view, offset));
    }

    private static long explicit(View view, long offset) {
        if (offset < 0) {
            throw new CommException(ErrorClass.ARG, "offset is " + offset + "; it must be 0 or more");
        }
        return view.position(offset);
    }

    /** This rank's position in etypes. */
    public synchronized long position() {
        checkOpen();
        checkRandomAccess();
        return position / view.etypeSize();
    }

    public synchronized void seek(long offset, int whence) {
        checkOpen();
        checkRandomAccess();
        position = target(offset, whence, position);
    }

    private long target(long offset, int whence, long current) {
        View now = view;
        long origin = switch (whence) {
            case SEEK_SET -> 0;
            case SEEK_CUR -> current;
            case SEEK_END -> end(now);
            default -> throw new CommException(ErrorClass.ARG, "whence is " + whence
                    + "; it must be MPI.SEEK_SET, SEEK_CUR or SEEK_END");
        };
        long target = origin + now.position(offset);
        if (target < 0) {
            throw new CommException(ErrorClass.ARG, "offset is " + offset + ", which leads to etype "
                    + target / now.etypeSize() + "; the first one is 0");
        }
        return target;
    }

    /** Position of the first etype that begins at or after the end of the file. */
    private long end(View now) {
        if (!now.blocks().isMonotone()) {
            throw new CommException(ErrorClass.UNSUPPORTED_OPERATION,
                    "MPI.SEEK_END needs a view whose elements follow one another in the file; this one's overlap");
        }
        return Math.ceilDiv(now.blocks().positionBelow(storage.size()), now.etypeSize()) * now.etypeSize();
    }

    /** The shared position in etypes. */
    public long sharedPosition() {
        checkOpen();
        checkRandomAccess();
        return shared.getAndAdd(0) / view.etypeSize();
    }

    /** Collective. */
    public void seekShared(long offset, int whence) {
        checkOpen();
        group.agree("moving the shared position", this::checkRandomAccess,
                () -> List.of(new Same("offset", offset), new Same("whence", whence)));
        group.agree("moving the shared position",
                isFirst() ? () -> shared.set(target(offset, whence, shared.getAndAdd(0))) : null);
    }

    /**
     * Reads or writes. A read ends at the end of the file.
     *
     * @param offset in etypes, for explicit offsets
     * @param base the buffer as everywhere in the engine, with {@code baseOffset}, {@code count} and {@code type}
     * @return done already unless {@code kind} is in the background or the access is collective: then the caller
     *     waits for it
     */
    public FileRequest access(AccessKind kind, long offset, Object base, long baseOffset, int count, TypeMap type) {
        checkOpen();
        check(kind);
        View now = view;
        Message message = new Message(base, baseOffset, count, type);
        long length = message.length();
        checkWhole(now, length);
        long start = switch (kind.pointer()) {
            case EXPLICIT -> explicit(now, offset);
            case INDIVIDUAL -> advance(length);
            case SHARED -> kind.collective() ? ordered(length) : shared.getAndAdd(length);
        };
        now.checkEnd(start, length);
        boolean reversed = now.representation().converts() && length > 0;
        Message wire = !reversed ? message : kind.write() ? message.reversedCopy() : message.room();
        boolean settle = !kind.write() && !kind.background() && kind.pointer() == AccessKind.Pointer.INDIVIDUAL;
        pending.incrementAndGet();
        FileRequest request = new FileRequest(progress, bytes -> {
            pending.decrementAndGet();
            if (reversed) {
                if (!kind.write()) {
                    message.storeReversed(wire, bytes);
                }
                wire.release();
            }
            if (settle) {
                settle(start + bytes);
            }
        });
        CollectiveAccess.Transfer transfer = new CollectiveAccess.Transfer(storage, now, hints, atomic, lockWrites,
                wire, start, kind.write());
        start(kind, transfer, request);
        return request;
    }

    private void start(AccessKind kind, CollectiveAccess.Transfer transfer, FileRequest request) {
        Executor executor = kind.background() || kind.collective() && multiThreaded ? FileThreads.pooled()
                : Runnable::run;
        if (kind.collective()) {
            new CollectiveAccess(group, transfer, executor, request).progress();
        } else {
            executor.execute(() -> transfer.complete(request));
        }
    }

    private synchronized long advance(long bytes) {
        long start = position;
        position = start + bytes;
        return start;
    }

    /** After a read that met the end of the file. */
    private synchronized void settle(long reached) {
        position = reached;
    }

    /** Where this rank's part of an access in the order of ranks begins. */
    private long ordered(long length) {
        long[] lengths = new long[group.comm().size()];
        lengths[group.comm().rank()] = length;
        group.gatherLongs(lengths);
        long before = 0;
        long total = 0;
        for (int rank = 0; rank < lengths.length; rank++) {
            before += rank < group.comm().rank() ? lengths[rank] : 0;
            total += lengths[rank];
        }
        long sum = total;
        long[] start = new long[1];
        group.agree("moving the shared position", isFirst() ? () -> start[0] = shared.getAndAdd(sum) : null);
        return group.ofFirst(start[0]) + before;
    }

    /** Begins a split collective access; {@link #end} ends it. Collective. */
    public void begin(String name, AccessKind kind, long offset, Object base, long baseOffset, int count,
            TypeMap type) {
        checkOpen();
        if (split != null) {
            throw new CommException(ErrorClass.OTHER, name + "Begin while " + splitName + "Begin has no "
                    + splitName + "End yet; a file can have one split collective access at a time");
        }
        split = access(kind, offset, base, baseOffset, count, type);
        splitName = name;
    }

    /** Waits for the access that {@link #begin} began under the same name; returns its bytes. Collective. */
    public long end(String name) {
        checkOpen();
        if (split == null || !splitName.equals(name)) {
            throw new CommException(ErrorClass.OTHER, name + "End without " + name + "Begin"
                    + (split == null ? "" : ": " + splitName + "Begin is what was called"));
        }
        FileRequest ending = split;
        progress.await(ending);
        split = null;
        return ending.result();
    }

    private void check(AccessKind kind) {
        if (kind.write()) {
            checkWrites();
        } else if (!mode.reads()) {
            throw new CommException(ErrorClass.ACCESS, path + " is open with MPI.MODE_WRONLY; open it with "
                    + "MPI.MODE_RDONLY or MODE_RDWR to read");
        }
        if (kind.pointer() != AccessKind.Pointer.SHARED) {
            checkRandomAccess();
        }
    }

    private void checkWhole(View now, long length) {
        if (length % now.etypeSize() != 0) {
            throw new CommException(ErrorClass.TYPE, "the buffer has " + length + " bytes of data, no whole number of "
                    + "etypes of " + now.etypeSize() + " bytes; change the count, the datatype or the view");
        }
        if (length > 0 && now.blocks().isEmpty()) {
            throw new CommException(ErrorClass.TYPE, "the view's filetype has no data: only accesses of count 0 are "
                    + "possible; set another view");
        }
    }

    private void checkWrites() {
        if (!mode.writes()) {
            throw new CommException(ErrorClass.READ_ONLY, path + " is open with MPI.MODE_RDONLY; open it with "
                    + "MPI.MODE_WRONLY or MODE_RDWR to change it");
        }
    }

    private void checkRandomAccess() {
        if (mode.has(AccessMode.SEQUENTIAL)) {
            throw new CommException(ErrorClass.UNSUPPORTED_OPERATION, path + " is open with MPI.MODE_SEQUENTIAL, which "
                    + "allows shared and ordered access only; open it without");
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new CommException(ErrorClass.FILE, path + " is closed");
        }
    }
}
