package io.tidemark.lake.manifest;

import io.tidemark.contracts.lake.LakeFile;
import java.util.Optional;

/**
 * Which sealed files are asked for. What is empty restricts nothing.
 *
 * @param kind a channel such as {@code trades}, or {@code bars} for all of them
 * @param from lowest event time, nanoseconds since 1970 UTC
 * @param to event time to stop before; {@link Long#MAX_VALUE} for none
 */
public record FileQuery(Optional<String> source, Optional<String> symbol, Optional<String> kind, long from, long to) {
    public static final FileQuery ALL =
            new FileQuery(Optional.empty(), Optional.empty(), Optional.empty(), Long.MIN_VALUE, Long.MAX_VALUE);

    /** Whether a file may hold what is asked for; it may hold more. */
    public boolean matches(LakeFile file) {
        return file.maxEventTime() >= from
                && (file.minEventTime() < to || to == Long.MAX_VALUE)
                && source.map(file.source()::equals).orElse(true)
                && symbol.map(file.symbol()::equals).orElse(true)
                && kind.map(file::holds).orElse(true);
    }
}
