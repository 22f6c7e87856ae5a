package io.tidemark.lake.source;

import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.files.DamagedFileException;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.segment.SegmentPath;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A segment in the lake's raw part.
 *
 * @param path relative to the edge's folder, with forward slashes
 * @param expectedSha256 as the hour manifest or the receipt says, where there is one
 */
public record RawFile(
        String edge, String path, SegmentPath segment, Path file, long bytes, Optional<String> expectedSha256) {

    /** Refuses an event that does not belong into this file. */
    public void check(Envelope event, String tenant) throws DamagedFileException {
        boolean belongs = event.getTenant().equals(tenant)
                && event.getEdge().equals(edge)
                && event.getSource().equals(segment.source())
                && event.getSymbol().equals(segment.symbol())
                && event.getChannel().equals(segment.channel());
        if (!belongs) {
            throw new DamagedFileException(
                    file,
                    "holds event " + Identity.of(event) + " of tenant " + event.getTenant()
                            + ", which does not belong there",
                    null);
        }
    }
}
