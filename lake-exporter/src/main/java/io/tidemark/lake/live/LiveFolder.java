package io.tidemark.lake.live;

import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.manifest.Folders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The tail's folder: its state, replaced in one step, and the files that it names. */
final class LiveFolder {
    private static final Logger LOG = Logger.getLogger(LiveFolder.class);
    private static final String TEMPORARY = ".state.json.tmp";

    private final Path tenantRoot;
    private final Path state;
    private final Path stateFile;

    LiveFolder(Path tenantRoot) {
        this.tenantRoot = tenantRoot;
        this.state = tenantRoot.resolve(LakePath.LIVE_STATE);
        this.stateFile = state.resolve("state.json");
    }

    Path lockFolder() {
        return state;
    }

    /** For sorting; emptied at each start. */
    Path work() {
        return state.resolve("work");
    }

    /** A state that is damaged is worth nothing: the tail begins anew with what Kafka still has. */
    LiveState load() throws IOException {
        try {
            return LiveState.parse(Files.readAllBytes(stateFile));
        } catch (NoSuchFileException e) {
            return LiveState.EMPTY;
        } catch (IllegalArgumentException e) {
            LOG.errorf("%s: %s; the live tail begins anew from what Kafka has", stateFile, e.getMessage());
            return LiveState.EMPTY;
        }
    }

    /** The files it names must be synced and have their names. */
    void save(LiveState next) throws IOException {
        Folders.create(state);
        Path temporary = state.resolve(TEMPORARY);
        Files.deleteIfExists(temporary);
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(next.toBytes());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(temporary, stateFile, StandardCopyOption.ATOMIC_MOVE);
        Folders.sync(state);
    }

    /** Removes what no state names: of a process that died, or replaced and not deleted yet. */
    int clean(LiveState known) throws IOException {
        Path live = tenantRoot.resolve(LakePath.Part.LIVE.folder());
        Set<Path> kept = known.files().stream()
                .map(file -> tenantRoot.resolve(file.path()))
                .collect(Collectors.toSet());
        int[] removed = {0};
        if (Files.isDirectory(live)) {
            Files.walkFileTree(live, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    boolean ours = file.startsWith(work())
                            || file.getFileName().toString().endsWith(".parquet")
                            || file.getFileName().toString().endsWith(".tmp");
                    if (ours && !kept.contains(file)) {
                        Files.delete(file);
                        removed[0]++;
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        Folders.create(work());
        return removed[0];
    }
}
