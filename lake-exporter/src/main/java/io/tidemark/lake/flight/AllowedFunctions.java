package io.tidemark.lake.flight;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The functions and types a query may use.
 *
 * <p>A list of what is allowed, so that what a later engine brings along is refused until someone has looked at
 * it. Functions that read files, variables or settings, that keep state, or that make aggregate states out of
 * raw bytes are not on it.
 */
final class AllowedFunctions {
    private static final Set<String> TABLE_FUNCTIONS =
            Set.of("unnest", "generate_series", "range", "json_each", "json_tree");

    private static final Set<String> TYPES = Set.of(
            ("bigint binary bit blob bool boolean bpchar bytea char date datetime dec decimal double enum float float4"
                            + " float8 hugeint int int1 int128 int16 int2 int32 int4 int64 int8 integer integral"
                            + " interval json list array logical long map null numeric nvarchar oid real row short"
                            + " signed smallint string struct text time timetz timestamp timestamp_ms timestamp_ns"
                            + " timestamp_s timestamp_us timestamptz timestamptz_ns tinyint tuple ubigint uhugeint"
                            + " uint128 uint16 uint32 uint64 uint8 uinteger union usmallint utinyint uuid guid"
                            + " varbinary varchar")
                    .split(" "));

    private static final Set<String> SPELLED_OUT =
            Set.of("time with time zone", "timestamp with time zone", "double precision", "character varying");

    private static final Set<String> SCALAR = load();

    private AllowedFunctions() {}

    static boolean scalar(String name) {
        return SCALAR.contains(name.toLowerCase(Locale.ROOT));
    }

    static boolean table(String name) {
        return TABLE_FUNCTIONS.contains(name.toLowerCase(Locale.ROOT));
    }

    static boolean type(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return TYPES.contains(lower) || SPELLED_OUT.contains(lower);
    }

    private static Set<String> load() {
        try (InputStream in = Objects.requireNonNull(
                        AllowedFunctions.class.getResourceAsStream("allowed-functions.txt"),
                        "allowed-functions.txt is missing from the jar");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("# "))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
