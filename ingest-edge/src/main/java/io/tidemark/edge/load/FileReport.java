package io.tidemark.edge.load;

/**
 * What came of one file.
 *
 * @param records it holds, those that were refused not counted
 * @param loaded by this run; fewer when an earlier run had begun or done it
 * @param rejected refused and in quarantine
 * @param rounded of the records
 * @param already an earlier run had loaded it whole
 */
public record FileReport(
        String file, String sha256, long records, long loaded, long rejected, long rounded, boolean already) {}
