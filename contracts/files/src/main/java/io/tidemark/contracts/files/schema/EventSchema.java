package io.tidemark.contracts.files.schema;

import io.tidemark.contracts.event.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.Type;

/**
 * A file's schema: one per kind for raw files, and the wide one of the sealed event lake.
 *
 * <p>Read from the texts beside this class, which are the contract; a text is never changed once files were
 * written with it, a new version is added. Immutable, shared by all threads.
 */
public final class EventSchema {
    /** The key of a file's own metadata that names its schema. */
    public static final String METADATA_KEY = "tidemark.schema";

    private static final List<Channel> RAW_KINDS = List.of(
            Channel.TRADES,
            Channel.QUOTES,
            Channel.BOOK_SNAPSHOTS,
            Channel.BOOK_DELTAS,
            Channel.TICKERS,
            Channel.BARS,
            Channel.OPTIONS,
            Channel.FUNDAMENTALS,
            Channel.NEWS,
            Channel.GAPS,
            Channel.SESSIONS,
            Channel.FRAMES);

    private static final Map<String, Column> COLUMNS = new LinkedHashMap<>();
    private static final Map<String, EventSchema> SCHEMAS = new LinkedHashMap<>();

    /** Every kind but frames, nulls where a field does not belong to the kind. */
    public static final EventSchema LAKE;

    static {
        LAKE = load("lake-events");
        for (Channel kind : RAW_KINDS) {
            load(kind == Channel.BARS ? "bars" : kind.label());
        }
    }

    private final String name;
    private final String text;
    private final MessageType message;
    private final List<Column> columns;

    private EventSchema(String name, String text, MessageType message, List<Column> columns) {
        this.name = name;
        this.text = text;
        this.message = message;
        this.columns = columns;
    }

    /** The schema of raw files of a channel such as {@code trades} or {@code bars-1m}. */
    public static EventSchema raw(String channel) {
        Channel kind = Channel.of(channel);
        String name = kind.isBars() ? "bars" : kind.label();
        return named(name + ".v1");
    }

    /** Throws {@link IllegalArgumentException} for a name that this version does not know. */
    public static EventSchema named(String name) {
        EventSchema schema = SCHEMAS.get(name);
        if (schema == null) {
            throw new IllegalArgumentException(
                    "unknown schema \"" + name + "\"; this program knows " + String.join(", ", SCHEMAS.keySet()));
        }
        return schema;
    }

    public static List<EventSchema> all() {
        return List.copyOf(SCHEMAS.values());
    }

    private static EventSchema load(String kind) {
        String name = kind + ".v1";
        String text = resource(name + ".txt");
        MessageType message = MessageTypeParser.parseMessageType(text);
        List<Column> columns = new ArrayList<>();
        for (Type field : message.getFields()) {
            Column.Kind type = Column.kindOf(field);
            Column column = COLUMNS.computeIfAbsent(
                    field.getName(),
                    key -> new Column(COLUMNS.size(), key, field.getId().intValue(), type));
            if (column.kind() != type || column.id() != field.getId().intValue()) {
                throw new IllegalStateException("column " + column.name() + " of " + name + " differs elsewhere");
            }
            columns.add(column);
        }
        EventSchema schema = new EventSchema(name, text, message, List.copyOf(columns));
        SCHEMAS.put(name, schema);
        return schema;
    }

    static String resource(String file) {
        try (InputStream in = EventSchema.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the schema text " + file + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the schema text " + file, e);
        }
    }

    /** Such as {@code trades.v1} or {@code lake-events.v1}; stands in each file. */
    public String name() {
        return name;
    }

    /** The contract's text. */
    public String text() {
        return text;
    }

    public boolean isLake() {
        return this == LAKE;
    }

    public MessageType message() {
        return message;
    }

    /** In the order of the file. */
    public List<Column> columns() {
        return columns;
    }

    static Column column(String name) {
        Column column = COLUMNS.get(name);
        if (column == null) {
            throw new IllegalStateException("no schema has a column " + name);
        }
        return column;
    }

    static int columnCount() {
        return COLUMNS.size();
    }

    static List<Column> allColumns() {
        return List.copyOf(COLUMNS.values());
    }
}
