package io.tidemark.lake.command;

import io.tidemark.lake.events.TimeRange;
import io.tidemark.lake.manifest.FileQuery;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which sealed files a command looks at. */
final class QueryOptions {
    @Option(names = "--source", paramLabel = "NAME", description = "Only of this source.")
    private @Nullable String source;

    @Option(names = "--symbol", paramLabel = "NAME", description = "Only of this symbol.")
    private @Nullable String symbol;

    @Option(
            names = "--kind",
            paramLabel = "NAME",
            description = "Only with events of this channel, such as trades, bars-1m, or bars for all bars.")
    private @Nullable String kind;

    @Option(names = "--from", paramLabel = "TIME", description = "First event time, such as 2024-08-08T23:00:00Z.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Event time to stop before.")
    private @Nullable String to;

    /** Throws {@link ParameterException} for what is no time, or no range. */
    FileQuery query(CommandLine command) {
        TimeRange range = range(command, from, to);
        return new FileQuery(
                Optional.ofNullable(source),
                Optional.ofNullable(symbol),
                Optional.ofNullable(kind),
                range.from(),
                range.to());
    }

    static TimeRange range(CommandLine command, @Nullable String from, @Nullable String to) {
        try {
            return TimeRange.of(
                    Optional.ofNullable(from).map(Instant::parse),
                    Optional.ofNullable(to).map(Instant::parse));
        } catch (DateTimeParseException e) {
            throw new ParameterException(
                    command, "not a time such as 2024-08-08T23:00:00Z: \"" + e.getParsedString() + "\"", e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command, String.valueOf(e.getMessage()), e);
        }
    }
}
