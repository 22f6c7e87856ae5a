package io.tidemark.edge.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tidemark.contracts.files.DamagedFileException;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.poll.JsonRecords;
import io.tidemark.edge.poll.Numbers;
import io.tidemark.edge.poll.RecordSink;
import io.tidemark.edge.poll.edgar.CompanyFacts;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;

/** The reader of each format. */
final class Readers {
    private Readers() {}

    static void read(InputFile file, LoadOptions options, RecordSink sink) throws IOException, BadFrameException {
        try {
            switch (options.format()) {
                case CSV -> TableReaders.csv(file, options, sink);
                case PARQUET -> TableReaders.parquet(file, options, sink);
                case JSON_ARRAYS -> TableReaders.jsonArrays(file, options, sink);
                case LEAN_CRYPTO, LEAN_EQUITY, LEAN_OPTION -> LeanReader.read(file, options, sink);
                case LEAN_UNIVERSE -> OptionReaders.leanUniverse(file, options, sink);
                case YAHOO_OPTIONS -> OptionReaders.yahoo(file, options, sink);
                case SEC_FACTS -> {
                    try (JsonRecords json = JsonRecords.of(file.open())) {
                        CompanyFacts.decode(
                                json,
                                company -> options.symbol().isEmpty() ? company : options.symbol(),
                                new Numbers(options.rule()),
                                sink);
                    }
                }
                case YAHOO_NEWS -> NewsReaders.yahoo(file, sink);
                case SEC_SUBMISSIONS -> NewsReaders.submissions(file, sink);
            }
        } catch (EOFException e) {
            throw new BadFrameException(Reason.MALFORMED, "the file is cut");
        } catch (ZipException | DamagedFileException | JsonProcessingException e) {
            throw new BadFrameException(Reason.MALFORMED, String.valueOf(e.getMessage()));
        }
    }
}
