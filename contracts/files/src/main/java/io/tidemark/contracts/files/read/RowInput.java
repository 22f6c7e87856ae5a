package io.tidemark.contracts.files.read;

import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.schema.Row;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of one file of some format; what its footer and its checksums say was proved when it was opened. */
interface RowInput extends AutoCloseable {
    EventSchema schema();

    /** As the footer says. */
    long rows();

    String rowHash();

    /** The next row, whose object is used again; null at the end. */
    @Nullable
    Row next() throws IOException;

    @Override
    void close() throws IOException;
}
