package org.isthmus.comm.file;

import java.lang.foreign.MemorySegment;
import org.isthmus.comm.coll.TemporaryBuffers;
import org.isthmus.comm.datatype.BlockSequence;

/**
 * Reads and writes by one rank alone. Data without gaps in memory and file goes by one system call, without a copy;
 * data with gaps in memory through a buffer; blocks in the file each by a call of its own, or, where they are small and
 * close together, by data sieving: the span is read as a whole and for writes changed and written back, under a lock
 * (Thakur, Gropp and Lusk, "Data sieving and collective I/O in ROMIO", 1999).
 *
 * <p>Any thread. Messages here are in the file's representation already.
 */
final class IndependentAccess {
    private static final long CHUNK = 4L << 20;

    private final Storage storage;
    private final BlockSequence blocks;
    private final boolean sieveReads;
    private final boolean sieveWrites;
    private final long readWindow;
    private final long writeWindow;
    private final boolean atomic;
    private final boolean lockWrites;

    /**
     * @param atomic whether each access as a whole excludes others (MPI 3.1, section 13.6.1)
     * @param lockWrites whether some rank may write back what it has read between its blocks
     */
    IndependentAccess(Storage storage, View view, Hints hints, boolean atomic, boolean lockWrites) {
        this.storage = storage;
        this.blocks = view.blocks();
        this.sieveReads = hints.sieves(false, view) && storage.isReadable();
        this.sieveWrites = hints.sieves(true, view) && storage.isReadable();
        this.readWindow = hints.sieveBuffer(false);
        this.writeWindow = hints.sieveBuffer(true);
        this.atomic = atomic;
        this.lockWrites = lockWrites;
    }

    /** Writes all of {@code message} from {@code position} of the view on. */
    void write(Message message, long position) {
        long length = message.length();
        if (length == 0) {
            return;
        }
        if (atomic || lockWrites && !sieveWrites) {
            storage.locked(lowest(position), highest(position, length), false, () -> transfer(message, position));
        } else {
            transfer(message, position);
        }
    }

    private void transfer(Message message, long position) {
        if (sieveWrites) {
            sievedWrite(message, position);
        } else {
            writeBlocks(message, position);
        }
    }

    /** Reads up to the end of the file; returns how many bytes. */
    long read(Message message, long position) {
        long length = message.length();
        if (length == 0) {
            return 0;
        }
        long[] got = new long[1];
        RangeLocks.Work work =
                () -> got[0] = sieveReads ? sievedRead(message, position) : readBlocks(message, position);
        if (atomic) {
            storage.locked(lowest(position), highest(position, length), storage.isReadable(), work);
        } else {
            work.run();
        }
        return got[0];
    }

    private long lowest(long position) {
        return blocks.isMonotone() ? blocks.offsetOf(position) : 0;
    }

    private long highest(long position, long length) {
        return blocks.isMonotone() ? blocks.endOf(position, length) : Long.MAX_VALUE;
    }

    private void writeBlocks(Message message, long position) {
        long length = message.length();
        if (message.isDirect()) {
            writeChunk(message.slice(0, length), length, position);
            return;
        }
        MemorySegment chunk = TemporaryBuffers.ofProcess().take(Math.min(CHUNK, length));
        try {
            for (long done = 0; done < length; done += CHUNK) {
                long n = Math.min(CHUNK, length - done);
                message.pack(done, chunk, 0, n);
                writeChunk(chunk, n, position + done);
            }
        } finally {
            TemporaryBuffers.ofProcess().give(chunk);
        }
    }

    private void writeChunk(MemorySegment memory, long length, long position) {
        BlockSequence.Cursor cursor = blocks.new Cursor(position);
        if (blocks.isContiguous()) {
            storage.write(memory, 0, length, cursor.offset());
            return;
        }
        long done = 0;
        while (done < length) {
            long n = Math.min(cursor.length(), length - done);
            storage.write(memory, done, n, cursor.offset());
            cursor.advance(n);
            done += n;
        }
    }

    private long readBlocks(Message message, long position) {
        long length = message.length();
        if (message.isDirect()) {
            return readChunk(message.slice(0, length), length, position);
        }
        MemorySegment chunk = TemporaryBuffers.ofProcess().take(Math.min(CHUNK, length));
        try {
            long done = 0;
            while (done < length) {
                long n = Math.min(CHUNK, length - done);
                long got = readChunk(chunk, n, position + done);
                message.unpack(chunk, 0, done, got);
                done += got;
                if (got < n) {
                    return done;
                }
            }
            return done;
        } finally {
            TemporaryBuffers.ofProcess().give(chunk);
        }
    }

    private long readChunk(MemorySegment memory, long length, long position) {
        BlockSequence.Cursor cursor = blocks.new Cursor(position);
        if (blocks.isContiguous()) {
            return storage.read(memory, 0, length, cursor.offset());
        }
        long done = 0;
        while (done < length) {
            long n = Math.min(cursor.length(), length - done);
            long got = storage.read(memory, done, n, cursor.offset());
            done += got;
            if (got < n) {
                return done;
            }
            cursor.advance(n);
        }
        return done;
    }

    private void sievedWrite(Message message, long position) {
        long length = message.length();
        MemorySegment window = TemporaryBuffers.ofProcess().take(writeWindow);
        MemorySegment spare = message.isSegment() ? null : TemporaryBuffers.ofProcess().take(writeWindow);
        try {
            long done = 0;
            while (done < length) {
                long from = done;
                long start = blocks.offsetOf(position + from);
                long n = Math.min(blocks.positionBelow(start + writeWindow) - position - from, length - from);
                long end = blocks.endOf(position + from, n);
                RangeLocks.Work change = () -> {
                    if (n < end - start) {
                        long got = storage.read(window, 0, end - start, start);
                        window.asSlice(got, end - start - got).fill((byte) 0);
                    }
                    Windows.fill(window, start, blocks, position + from, n, message, from, spare);
                    storage.write(window, 0, end - start, start);
                };
                if (atomic) {
                    change.run();
                } else {
                    storage.locked(start, end, false, change);
                }
                done += n;
            }
        } finally {
            giveBack(window, spare);
        }
    }

    private long sievedRead(Message message, long position) {
        long length = message.length();
        MemorySegment window = TemporaryBuffers.ofProcess().take(readWindow);
        MemorySegment spare = message.isSegment() ? null : TemporaryBuffers.ofProcess().take(readWindow);
        try {
            long done = 0;
            while (done < length) {
                long start = blocks.offsetOf(position + done);
                long n = Math.min(blocks.positionBelow(start + readWindow) - position - done, length - done);
                long span = blocks.endOf(position + done, n) - start;
                long got = storage.read(window, 0, span, start);
                long here = got == span ? n : Math.min(n, blocks.positionBelow(start + got) - position - done);
                Windows.drain(window, start, blocks, position + done, here, message, done, spare);
                done += here;
                if (got < span) {
                    return done;
                }
            }
            return done;
        } finally {
            giveBack(window, spare);
        }
    }

    private static void giveBack(MemorySegment window, MemorySegment spare) {
        TemporaryBuffers.ofProcess().give(window);
        if (spare != null) {
            TemporaryBuffers.ofProcess().give(spare);
        }
    }
}
