package io.tidemark.sync.scan;

import io.tidemark.contracts.failure.FailureKind;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.sync.target.Folders;
import io.tidemark.sync.target.SyncFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * Finds the files below an edge's {@code ready/} folder, one folder after the other, in the order of their names.
 *
 * <p>Holds the names of one path of folders, not of the tree. Hidden and temporary names and the receipts are not
 * segments. No symbolic link is followed: it could lead out of the folder, or round in a circle; each is reported.
 */
public final class ReadyScanner {
    private static final int MAX_DEPTH = 64;

    private final Path source;

    public ReadyScanner(Path source) {
        this.source = source;
    }

    /** What the scan tells; may throw {@link IOException} to end it. */
    public interface Visitor {
        void found(SourceFile file) throws IOException;

        /** A file or folder that cannot be taken, and why. */
        void refused(String path, SyncFailure why) throws IOException;
    }

    /** The segments. Throws {@link SyncFailure} when the source folder itself cannot be read. */
    public void scan(Visitor visitor) throws IOException {
        for (Path entry : entries(source)) {
            String name = entry.getFileName().toString();
            if (!name.equals(SegmentPath.RECEIPTS) && !name.equals(SegmentPath.MANIFESTS)) {
                visit(entry, name, name, 1, visitor);
            }
        }
    }

    /** The hour manifests. */
    public void scanManifests(Visitor visitor) throws IOException {
        Path folder = source.resolve(SegmentPath.MANIFESTS);
        visit(folder, SegmentPath.MANIFESTS, SegmentPath.MANIFESTS, 1, visitor);
    }

    private static List<Path> entries(Path folder) throws SyncFailure {
        try {
            return Folders.entries(folder);
        } catch (IOException e) {
            throw SyncFailure.of("cannot list the source folder " + folder, e);
        }
    }

    private static void visit(Path entry, String name, String path, int depth, Visitor visitor) throws IOException {
        if (Folders.isTemporary(name)) {
            return;
        }
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return; // renamed or deleted since it was listed
        } catch (IOException e) {
            visitor.refused(path, SyncFailure.of("cannot look at " + entry, e));
            return;
        }
        if (name.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == '\\' || c == 0xfffd)) {
            visitor.refused(path, invalid(entry + " has a name that cannot stand in a lake's path"));
        } else if (found.isDirectory()) {
            descend(entry, path, depth, visitor);
        } else if (found.isRegularFile()) {
            visitor.found(new SourceFile(path, entry, FileState.of(found)));
        } else {
            visitor.refused(
                    path,
                    invalid(entry
                            + (found.isSymbolicLink()
                                    ? " is a symbolic link, which is not followed"
                                    : " is not a regular file")));
        }
    }

    private static void descend(Path folder, String path, int depth, Visitor visitor) throws IOException {
        if (depth >= MAX_DEPTH) {
            visitor.refused(path, invalid(folder + " lies more than " + MAX_DEPTH + " folders deep"));
            return;
        }
        List<Path> entries;
        try {
            entries = Folders.entries(folder);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            visitor.refused(path, SyncFailure.of("cannot list " + folder, e));
            return;
        }
        for (Path entry : entries) {
            String name = entry.getFileName().toString();
            visit(entry, name, path + "/" + name, depth + 1, visitor);
        }
    }

    private static SyncFailure invalid(String message) {
        return new SyncFailure(FailureKind.INVALID, message);
    }
}
