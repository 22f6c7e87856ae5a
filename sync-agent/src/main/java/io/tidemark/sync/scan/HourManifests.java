package io.tidemark.sync.scan;

import io.tidemark.contracts.failure.FailureKind;
import io.tidemark.contracts.segment.HourManifest;
import io.tidemark.sync.target.SyncFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the edge's hour manifests. */
public final class HourManifests {
    /** Far above the largest hour, far below the heap. */
    private static final long MAX_BYTES = 32L * 1024 * 1024;

    private final String tenant;
    private final String edge;

    public HourManifests(String tenant, String edge) {
        this.tenant = tenant;
        this.edge = edge;
    }

    /** Throws {@link SyncFailure} naming the file when it is damaged. */
    public HourManifest read(Path file) throws IOException {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new SyncFailure(FailureKind.INVALID, file + " is too large for an hour manifest");
            }
            return HourManifest.parse(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            throw new SyncFailure(FailureKind.INVALID, file + " is damaged or no hour manifest: " + e.getMessage());
        } catch (IOException e) {
            throw SyncFailure.of("cannot read " + file, e);
        }
    }

    /** Files of one edge must not be filed under another's name. */
    public void requireOurs(HourManifest manifest, Path file) throws SyncFailure {
        if (!manifest.tenant().equals(tenant) || !manifest.edge().equals(edge)) {
            throw new SyncFailure(
                    FailureKind.INVALID,
                    file + " is of tenant \"" + manifest.tenant() + "\" and edge \"" + manifest.edge()
                            + "\", but sync.tenant is \"" + tenant + "\" and sync.edge is \"" + edge + "\"");
        }
    }
}
