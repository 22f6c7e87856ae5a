package io.tidemark.contracts.files.write;

import io.tidemark.contracts.files.schema.Row;
import java.io.IOException;

/** Rows on their way into one file of some format. */
interface RowOutput {
    void write(Row row) throws IOException;

    /** About the length of the file if it ended now. */
    long size();

    /** Writes what is held back, and the footer. */
    void finish() throws IOException;
}
