package io.tidemark.lake.slice;

import java.util.List;

/**
 * What a file of alerts holds.
 *
 * @param accepted in the order of the file
 * @param columns names of the further columns
 * @param sha256 of the file, in hex
 */
public record AlertList(List<Alert> accepted, List<Rejected> rejected, List<String> columns, String sha256) {
    /** A row that cannot be used, and why. */
    public record Rejected(long line, String reason) {}
}
