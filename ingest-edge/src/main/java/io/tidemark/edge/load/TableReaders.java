package io.tidemark.edge.load;

import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.contracts.files.read.TableFileReader;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.poll.JsonRecords;
import io.tidemark.edge.poll.RecordSink;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tables of bars: CSV, Parquet, JSON arrays. */
final class TableReaders {
    private TableReaders() {}

    static void csv(InputFile file, LoadOptions options, RecordSink sink) throws IOException, BadFrameException {
        try (CsvLines lines = new CsvLines(file.open(), options.delimiter())) {
            List<String> names = options.header() ? lines.next() : null;
            if (options.header() && names == null) {
                throw new BadFrameException(Reason.MALFORMED, "the file is empty");
            }
            BarRows rows = new BarRows(options, names);
            for (List<String> line = lines.next(); line != null; line = lines.next()) {
                rows.row(line, "line " + lines.line(), sink);
            }
        }
    }

    static void parquet(InputFile file, LoadOptions options, RecordSink sink) throws IOException, BadFrameException {
        try (TableFileReader table = TableFileReader.open(file.path())) {
            BarRows rows = new BarRows(options, table.columns());
            long number = 0;
            for (List<@Nullable String> row = table.next(); row != null; row = table.next()) {
                rows.row(row, "row " + ++number, sink);
            }
        }
    }

    static void jsonArrays(InputFile file, LoadOptions options, RecordSink sink) throws IOException, BadFrameException {
        try (JsonRecords json = JsonRecords.of(file.open())) {
            BarRows rows = new BarRows(options, null);
            JsonToken at = json.token();
            if (!options.path().isEmpty()) {
                for (String step : options.path().split("\\.", -1)) {
                    if (at != JsonToken.START_OBJECT || !json.find(step)) {
                        throw new BadFrameException(Reason.MISSING_FIELD, "there is no " + step + " of --path");
                    }
                    at = JsonToken.START_OBJECT;
                }
                at = JsonToken.START_ARRAY;
            }
            if (at != JsonToken.START_ARRAY) {
                throw new BadFrameException(
                        Reason.MALFORMED, "the text is no list of rows; --path names the way to it");
            }
            long number = 0;
            for (JsonToken row = json.token(); row != JsonToken.END_ARRAY; row = json.token()) {
                if (row != JsonToken.START_ARRAY) {
                    throw new BadFrameException(Reason.MALFORMED, "no row at " + json.position());
                }
                String position = "row " + ++number + " (" + json.position() + ")";
                rows.row(json.array(), position, sink);
            }
            // To the end, so that a file that was cut is not taken for a whole one.
            while (json.token() != null) {
                json.skip();
            }
        }
    }
}
