package io.tidemark.store.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.tidemark.store.database.DatabaseUrl;
import io.tidemark.store.database.JdbcAccess;
import io.tidemark.store.migrate.BackFill;
import io.tidemark.store.mode.ModeChange;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where a command finds the database, and what all such commands do alike. */
final class DatabaseOption {
    static final int FAILED = 1;
    static final int USAGE = 2;

    private static final String DEFAULT = "postgresql://tidemark@127.0.0.1:5432/tidemark";
    private static final ObjectMapper JSON = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT);

    @Option(
            names = "--database-url",
            description = "The writer's database; by default DATABASE_URL or MDS_DSN. Needs no running writer.")
    private @Nullable String url;

    /** Throws {@link IllegalArgumentException} with words for the person who typed. */
    JdbcAccess access() {
        Map<String, String> environment = System.getenv();
        String text = url;
        if (text == null) {
            text = environment.getOrDefault("DATABASE_URL", environment.getOrDefault("MDS_DSN", DEFAULT));
        }
        try {
            return new JdbcAccess(DatabaseUrl.parse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the database's URL " + e.getMessage());
        }
    }

    /** A command's work; its result is the exit code. */
    @FunctionalInterface
    interface Work {
        int run(JdbcAccess access) throws SQLException, InterruptedException, ModeChange.Refused, BackFill.Busy;
    }

    /** Runs it, and says in one sentence why it failed. */
    int run(Work work) {
        try {
            return work.run(access());
        } catch (IllegalArgumentException e) {
            System.err.println("store-writer: " + e.getMessage());
            return USAGE;
        } catch (ModeChange.Refused | BackFill.Busy e) {
            System.err.println("store-writer: " + e.getMessage());
            return FAILED;
        } catch (SQLException e) {
            System.err.println("store-writer: the database: " + e.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    static void progress(String words) {
        System.err.println(words);
    }

    static void json(Object value) {
        try {
            System.out.println(JSON.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code 2024-08-08}, which is its first moment in UTC, or {@code 2024-08-08T23:54:00Z}. */
    static final class Time implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String value) {
            try {
                return value.contains("T")
                        ? Instant.parse(value)
                        : LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant();
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'" + value + "' is no time (2024-08-08 or 2024-08-08T23:54:00Z, UTC)");
            }
        }
    }
}
