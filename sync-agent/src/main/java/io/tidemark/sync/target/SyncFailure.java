package io.tidemark.sync.target;

import io.tidemark.contracts.failure.FailureKind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/** Why a file, or a whole pass, came to nothing; the message names the file and the reason, once. */
public final class SyncFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;
    private final String words;

    public SyncFailure(FailureKind kind, String message) {
        super(message);
        this.kind = kind;
        this.words = message;
    }

    private SyncFailure(FailureKind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.words = message;
    }

    /** What the file system refused, with the kind that its words tell. {@code doing} names the file. */
    public static SyncFailure of(String doing, IOException cause) {
        if (cause instanceof SyncFailure already) {
            return already;
        }
        return new SyncFailure(kindOf(cause), doing + ": " + reason(cause), cause);
    }

    public FailureKind kind() {
        return kind;
    }

    @Override
    public String getMessage() {
        return words;
    }

    private static FailureKind kindOf(IOException cause) {
        String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (text.contains("no space left") || text.contains("quota exceeded") || text.contains("file too large")) {
            return FailureKind.STORAGE_FULL;
        }
        // Another try within seconds changes nothing here; the next pass tries again anyway.
        if (cause instanceof AccessDeniedException
                || cause instanceof NotDirectoryException
                || cause instanceof FileAlreadyExistsException
                || text.contains("not a directory")
                || text.contains("operation not permitted")
                || text.contains("name too long")
                || text.contains("read-only file system")) {
            return FailureKind.INVALID;
        }
        return FailureKind.TRANSIENT;
    }

    private static String reason(IOException cause) {
        String where = cause instanceof FileSystemException named && named.getFile() != null
                ? " (" + named.getFile() + ")"
                : "";
        if (cause instanceof NoSuchFileException) {
            return "does not exist" + where;
        }
        if (cause instanceof AccessDeniedException) {
            return "permission denied" + where;
        }
        if (cause instanceof FileAlreadyExistsException) {
            return "exists and is something else" + where;
        }
        if (cause instanceof NotDirectoryException) {
            return "not a folder" + where;
        }
        if (cause instanceof DirectoryNotEmptyException) {
            return "folder not empty" + where;
        }
        if (cause instanceof FileSystemException named && named.getReason() != null) {
            return named.getReason() + where;
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
