package io.tidemark.local.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacks PostgreSQL's programs from the archive on the class path, once for each archive, into the
 * user's cache folder ({@code TIDEMARK_CACHE}, {@code XDG_CACHE_HOME/tidemark} or
 * {@code ~/.cache/tidemark}).
 *
 * <p>The folder appears by rename when it is complete, so processes that unpack at the same time do not
 * disturb each other, and one killed half-way leaves only a folder that nobody uses.
 */
final class PostgresBinaries {
    private static final int EXECUTABLE = 0100;

    private PostgresBinaries() {}

    /** The folder that holds {@code bin/postgres}; {@code fallback} is used where the cache cannot be written. */
    static Path unpacked(Path fallback) {
        String archive = archiveName();
        try {
            String name = "postgresql-" + sha256(archive).substring(0, 16);
            Path cache = cacheFolder();
            if (cache != null) {
                try {
                    return unpackedIn(cache, name, archive);
                } catch (FileSystemException e) {
                    // Not writable (a home that does not exist, a read-only one): the run's own folder will do.
                }
            }
            return unpackedIn(fallback, name, archive);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack PostgreSQL from " + archive, e);
        }
    }

    private static Path unpackedIn(Path parent, String name, String archive) throws IOException {
        Path home = parent.resolve(name);
        if (Files.isExecutable(home.resolve("bin/postgres"))) {
            return home;
        }
        Files.createDirectories(parent);
        removeAbandoned(parent, name);
        Path temporary = Files.createTempDirectory(parent, name + ".tmp");
        try {
            unpack(archive, temporary);
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
            try {
                Files.move(temporary, home, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                if (!Files.isExecutable(home.resolve("bin/postgres"))) {
                    throw e;
                }
            }
            return home;
        } finally {
            deleteTree(temporary);
        }
    }

    /** What a process left that was killed while it unpacked; none needs an hour. */
    private static void removeAbandoned(Path parent, String name) throws IOException {
        FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, name + ".tmp*")) {
            for (Path folder : left) {
                if (Files.getLastModifiedTime(folder).compareTo(old) < 0) {
                    deleteTree(folder);
                }
            }
        }
    }

    private static void unpack(String archive, Path target) throws IOException {
        try (InputStream raw = new BufferedInputStream(open(archive));
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(raw))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("the archive holds a name outside its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else if (entry.isFile()) {
                    Files.copy(tar, file);
                    if ((entry.getMode() & EXECUTABLE) != 0) {
                        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
                    }
                }
            }
        }
    }

    private static InputStream open(String archive) throws IOException {
        InputStream in = PostgresBinaries.class.getResourceAsStream("/" + archive);
        if (in == null) {
            throw new IOException("no PostgreSQL for this machine is on the class path (" + archive + ")");
        }
        return in;
    }

    private static String archiveName() {
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return switch (arch) {
            case "amd64", "x86_64" -> "postgres-linux-x86_64.txz";
            case "aarch64", "arm64" -> "postgres-linux-arm_64.txz";
            default ->
                throw new IllegalStateException("PostgreSQL is included for Linux on amd64 and arm64, not for " + arch);
        };
    }

    private static @Nullable Path cacheFolder() {
        String own = System.getenv("TIDEMARK_CACHE");
        if (own != null && !own.isBlank()) {
            return Path.of(own);
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        if (xdg != null && !xdg.isBlank()) {
            return Path.of(xdg, "tidemark");
        }
        String home = System.getProperty("user.home", "");
        return home.startsWith("/") && home.length() > 1 ? Path.of(home, ".cache", "tidemark") : null;
    }

    private static String sha256(String archive) throws IOException {
        try (DigestInputStream in = new DigestInputStream(open(archive), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
