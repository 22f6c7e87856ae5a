package io.tidemark.sync.scan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * What tells that a file is still the one that was looked at before.
 *
 * @param modified nanoseconds since 1970 UTC
 * @param key the file system's own name of the file (its inode), so that a replaced file is another one
 */
public record FileState(long bytes, long modified, String key) {
    /** Not through a symbolic link. */
    public static FileState of(Path file) throws IOException {
        return of(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    }

    static FileState of(BasicFileAttributes attributes) {
        return new FileState(
                attributes.size(),
                attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                String.valueOf(attributes.fileKey()));
    }
}
