package org.isthmus.node.mux;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The pipe by which the ranks of a node end a shard's sleep in its selector. It has no name; ranks open it through this
 * process's list of open files.
 */
final class BellPipe implements AutoCloseable {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final Pipe pipe;
    private final String path;

    private BellPipe(Pipe pipe, String path) {
        this.pipe = pipe;
        this.path = path;
    }

    /** Makes a pipe; null where its path cannot be found out. */
    static synchronized BellPipe open() throws IOException {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return null;
        }
        List<Path> before = pipes();
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false);
        for (Path descriptor : pipes()) {
            if (!before.contains(descriptor) && leadsTo(descriptor, pipe.source())) {
                return new BellPipe(pipe, "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor.getFileName());
            }
        }
        pipe.source().close();
        pipe.sink().close();
        return null;
    }

    Pipe.SourceChannel source() {
        return pipe.source();
    }

    /** Where other processes of this user on this node can open it. */
    String path() {
        return path;
    }

    @Override
    public void close() {
        try {
            pipe.source().close();
            pipe.sink().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean leadsTo(Path descriptor, Pipe.SourceChannel source) throws IOException {
        try (FileOutputStream out = new FileOutputStream(descriptor.toFile())) {
            out.write(1);
            return source.read(ByteBuffer.allocate(1)) == 1;
        }
    }

    private static List<Path> pipes() throws IOException {
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            return all.filter(BellPipe::isPipe).toList();
        }
    }

    private static boolean isPipe(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
        } catch (NoSuchFileException e) {
            return false; // closed meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
