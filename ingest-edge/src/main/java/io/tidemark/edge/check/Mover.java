package io.tidemark.edge.check;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Moves and copies files of a data folder during a repair, never over another, and keeps the list of what was done. */
final class Mover {
    static final String STRAY = "stray-";

    private final Path dataDir;
    private final List<String> done = new ArrayList<>();

    Mover(Path dataDir) {
        this.dataDir = dataDir;
    }

    List<String> done() {
        return done;
    }

    void did(Path file, String what) {
        done.add(relative(file) + ": " + what);
    }

    String relative(Path file) {
        return dataDir.relativize(file).toString().replace('\\', '/');
    }

    void move(Path from, Path to) throws IOException {
        if (Files.exists(to)) {
            throw new IOException(to + " is there already");
        }
        Files.createDirectories(parent(to));
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        sync(parent(from));
        sync(parent(to));
    }

    /** Under a name that is nobody's, so that two can change places; a later repair finds it there. */
    Path aside(Path file, Path folder) throws IOException {
        Path target = folder.resolve(STRAY + 0);
        for (int i = 1; Files.exists(target); i++) {
            target = folder.resolve(STRAY + i);
        }
        move(file, target);
        return target;
    }

    /** Below {@code quarantine/repair}, at the place it had. */
    void quarantine(Path file, String why) throws IOException {
        Path target = free(file);
        move(file, target);
        did(file, why + "; kept as " + relative(target));
    }

    /** Before something is changed in place. */
    void keepCopy(Path file) throws IOException {
        Path target = free(file);
        Files.createDirectories(parent(target));
        Files.copy(file, target);
        try (FileChannel copy = FileChannel.open(target, StandardOpenOption.WRITE)) {
            copy.force(true);
        }
        sync(parent(target));
        did(file, "is kept as it was as " + relative(target));
    }

    private Path free(Path file) {
        Path target = dataDir.resolve("quarantine").resolve("repair").resolve(dataDir.relativize(file));
        Path place = target;
        for (int i = 1; Files.exists(place); i++) {
            place = target.resolveSibling(target.getFileName() + "." + i);
        }
        return place;
    }

    static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
