package org.isthmus.comm.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.isthmus.comm.coll.TemporaryBuffers;
import org.isthmus.comm.error.CommException;

/**
 * One open file: positional reads and writes of native memory, each one system call, without a copy in this process.
 * Any thread. Errors carry the path and the system's reason.
 */
final class Storage implements AutoCloseable {
    /** Most bytes of one system call. */
    private static final long LARGEST_CALL = 1L << 30;
    private static final long ZEROS = 4L << 20;

    private final Path path;
    private final FileChannel channel;
    private final boolean readable;
    private final RangeLocks locks;

    private Storage(Path path, FileChannel channel, boolean readable) throws IOException {
        this.path = path;
        this.channel = channel;
        this.readable = readable;
        this.locks = RangeLocks.of(path, channel);
    }

    /** @param first whether this rank creates the file if that is to be done */
    static Storage open(Path path, AccessMode mode, boolean first) {
        try {
            if (Files.isDirectory(path)) {
                throw new FileSystemException(path.toString(), null, "Is a directory");
            }
            Set<OpenOption> options = mode.options(first);
            if (!mode.reads()) {
                // Sieved writes read what lies between their blocks, where the system lets them.
                options.add(StandardOpenOption.READ);
                try {
                    return new Storage(path, FileChannel.open(path, options), true);
                } catch (AccessDeniedException e) {
                    options.remove(StandardOpenOption.READ);
                }
            }
            return new Storage(path, FileChannel.open(path, options), mode.reads());
        } catch (IOException e) {
            throw FileErrors.of("cannot open", path, e);
        }
    }

    static void delete(Path path) {
        try {
            if (Files.isDirectory(path)) {
                throw new FileSystemException(path.toString(), null, "Is a directory");
            }
            Files.delete(path);
        } catch (IOException e) {
            throw FileErrors.of("cannot delete", path, e);
        }
    }

    /** Whether the system lets this process read the file, whatever the access mode says. */
    boolean isReadable() {
        return readable;
    }

    /** Does {@code work} while nobody else has locked any of {@code [start, end)}; {@code shared} among readers. */
    void locked(long start, long end, boolean shared, RangeLocks.Work work) {
        locks.with(this, channel, start, end, shared, work);
    }

    CommException error(String doing, IOException cause) {
        return FileErrors.of(doing, path, cause);
    }

    /** Writes {@code length} bytes of native memory. */
    void write(MemorySegment memory, long from, long length, long offset) {
        try {
            long done = 0;
            while (done < length) {
                ByteBuffer part = memory.asSlice(from + done, Math.min(length - done, LARGEST_CALL)).asByteBuffer();
                while (part.hasRemaining()) {
                    done += channel.write(part, offset + done);
                }
            }
        } catch (IOException e) {
            throw error("cannot write " + length + " bytes at offset " + offset + " of", e);
        }
    }

    /** Reads into native memory; returns how many bytes there are up to the end of the file. */
    long read(MemorySegment memory, long to, long length, long offset) {
        try {
            long done = 0;
            while (done < length) {
                ByteBuffer part = memory.asSlice(to + done, Math.min(length - done, LARGEST_CALL)).asByteBuffer();
                int n = channel.read(part, offset + done);
                if (n < 0) {
                    return done;
                }
                done += n;
            }
            return done;
        } catch (IOException e) {
            throw error("cannot read " + length + " bytes at offset " + offset + " of", e);
        }
    }

    long size() {
        try {
            return channel.size();
        } catch (IOException e) {
            throw error("cannot get the size of", e);
        }
    }

    /** Cuts the file, or lengthens it by a hole. */
    void setSize(long size) {
        try {
            if (size <= channel.size()) {
                channel.truncate(size);
            } else {
                channel.write(ByteBuffer.allocate(1), size - 1);
            }
        } catch (IOException e) {
            throw error("cannot set the size to " + size + " of", e);
        }
    }

    /** Fills the file up to {@code size} with zeros that take room on the device; a longer file is left alone. */
    void preallocate(long size) {
        MemorySegment zeros = TemporaryBuffers.ofProcess().take(ZEROS);
        try {
            zeros.fill((byte) 0);
            for (long at = size(); at < size; at += ZEROS) {
                write(zeros, 0, Math.min(ZEROS, size - at), at);
            }
        } finally {
            TemporaryBuffers.ofProcess().give(zeros);
        }
    }

    /** Returns once everything written is on the device. */
    void sync() {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw error("cannot synchronize", e);
        }
    }

    @Override
    public void close() {
        try {
            locks.close(channel);
        } catch (IOException e) {
            throw error("cannot close", e);
        }
    }
}
