package org.isthmus.comm.file;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;

/** Turns the system's errors into MPI's (MPI 3.1, section 13.7): the class, the path, and the system's reason. */
final class FileErrors {
    private FileErrors() {}

    /** @param doing what was tried, as in "cannot open" */
    static CommException of(String doing, Object path, IOException cause) {
        String reason = reason(cause);
        return new CommException(errorClass(cause, reason), doing + " " + path + ": " + reason, cause);
    }

    /** What went wrong where nobody can be thrown at: an error of the engine as it is, any other as an internal one. */
    static CommException of(Throwable thrown) {
        return thrown instanceof CommException e ? e
                : new CommException(ErrorClass.INTERN, "an access to a file failed: " + thrown, thrown);
    }

    private static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException e -> "no such file or directory";
            case FileAlreadyExistsException e -> "the file exists";
            case AccessDeniedException e -> e.getReason() == null ? "permission denied" : e.getReason();
            case FileSystemLoopException e -> "too many symbolic links";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            case ClosedByInterruptException e -> "the thread was interrupted, which closes the file";
            case ClosedChannelException e -> "the file is closed";
            default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
        };
    }

    private static int errorClass(IOException cause, String reason) {
        return switch (cause) {
            case NoSuchFileException e -> ErrorClass.NO_SUCH_FILE;
            case FileAlreadyExistsException e -> ErrorClass.FILE_EXISTS;
            case AccessDeniedException e -> ErrorClass.ACCESS;
            case FileSystemLoopException e -> ErrorClass.BAD_FILE;
            default -> ofReason(reason);
        };
    }

    /** The JDK has no exception of its own for these: it passes on the text of the C library. */
    private static int ofReason(String reason) {
        return switch (reason) {
            case "No space left on device", "File too large" -> ErrorClass.NO_SPACE;
            case "Disk quota exceeded" -> ErrorClass.QUOTA;
            case "Read-only file system" -> ErrorClass.READ_ONLY;
            case "Text file busy", "Device or resource busy" -> ErrorClass.FILE_IN_USE;
            case "Operation not permitted" -> ErrorClass.ACCESS;
            case "File name too long", "Not a directory", "Is a directory", "Too many levels of symbolic links" ->
                ErrorClass.BAD_FILE;
            case "Cannot allocate memory" -> ErrorClass.NO_MEM;
            default -> ErrorClass.IO;
        };
    }
}
