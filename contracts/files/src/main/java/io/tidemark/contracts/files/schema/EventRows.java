package io.tidemark.contracts.files.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Levels;
import io.tidemark.contracts.proto.SequenceRange;
import io.tidemark.contracts.proto.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Envelope} as a {@link Row}, and back.
 *
 * <p>Follows the messages' descriptors, so a field that a message gets needs a column, or the class does not
 * load. Empty texts and bytes are absent in the row, as they mean "none" on the wire; numbers and flags
 * without presence always stand. An enum is its name in small letters without the prefix; a number that this
 * version has no name for stays a number. Decimals come back at their shortest scale.
 *
 * <p>Used by one thread; not thread-safe.
 */
public final class EventRows {
    private static final Column CHANNEL = EventSchema.column("channel");
    private static final Column EVENT_TIME = EventSchema.column("event_time");
    private static final Column EVENT_TIME_IS_RECEIVE_TIME = EventSchema.column("event_time_is_receive_time");
    private static final Column CONFLATED_FIRST = EventSchema.column("conflated_first");
    private static final Column CONFLATED_LAST = EventSchema.column("conflated_last");

    /** Columns whose names differ from their fields', because a field's name means something else elsewhere. */
    private static final Map<String, String> RENAMED = Map.of(
            "OptionSnapshot.right", "option_right",
            "Fundamental.frame", "reporting_frame",
            "Gap.reason", "gap_reason",
            "Session.change", "session_change",
            "Frame.kind", "frame_kind");

    private record Binding(FieldDescriptor field, Column column) {}

    private static final List<Binding> HEAD = new ArrayList<>();
    private static final Map<Channel, FieldDescriptor> BODIES = new EnumMap<>(Channel.class);
    private static final Map<Channel, List<Binding>> FIELDS = new EnumMap<>(Channel.class);

    static {
        Descriptor envelope = Envelope.getDescriptor();
        for (FieldDescriptor field : envelope.getFields()) {
            if (field.getRealContainingOneof() == null) {
                HEAD.add(new Binding(field, EventSchema.column(field.getName())));
            }
        }
        body(Channel.TRADES, Envelope.TRADE_FIELD_NUMBER);
        body(Channel.QUOTES, Envelope.QUOTE_FIELD_NUMBER);
        body(Channel.BOOK_SNAPSHOTS, Envelope.BOOK_SNAPSHOT_FIELD_NUMBER);
        body(Channel.BOOK_DELTAS, Envelope.BOOK_DELTA_FIELD_NUMBER);
        body(Channel.TICKERS, Envelope.TICKER_FIELD_NUMBER);
        body(Channel.BARS, Envelope.BAR_FIELD_NUMBER);
        body(Channel.BARS_NATIVE, Envelope.BAR_FIELD_NUMBER);
        body(Channel.OPTIONS, Envelope.OPTION_FIELD_NUMBER);
        body(Channel.FUNDAMENTALS, Envelope.FUNDAMENTAL_FIELD_NUMBER);
        body(Channel.NEWS, Envelope.NEWS_FIELD_NUMBER);
        body(Channel.GAPS, Envelope.GAP_FIELD_NUMBER);
        body(Channel.SESSIONS, Envelope.SESSION_FIELD_NUMBER);
        body(Channel.FRAMES, Envelope.FRAME_FIELD_NUMBER);
    }

    private static void body(Channel channel, int number) {
        FieldDescriptor body = Envelope.getDescriptor().findFieldByNumber(number);
        BODIES.put(channel, body);
        List<Binding> bindings = new ArrayList<>();
        for (FieldDescriptor field : body.getMessageType().getFields()) {
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                continue; // levels and ranges spread over several columns, by name below
            }
            String name =
                    RENAMED.getOrDefault(body.getMessageType().getName() + "." + field.getName(), field.getName());
            bindings.add(new Binding(field, EventSchema.column(name)));
        }
        FIELDS.put(channel, List.copyOf(bindings));
    }

    /** One side of a book: a message field and its two lists. */
    private record BookSide(String field, Column prices, Column sizes) {
        static final List<BookSide> BOTH = List.of(named("bids"), named("asks"));

        private static BookSide named(String field) {
            String side = field.substring(0, 3);
            return new BookSide(field, EventSchema.column(side + "_prices"), EventSchema.column(side + "_sizes"));
        }

        private @Nullable FieldDescriptor in(Descriptor message) {
            return message.findFieldByName(field);
        }
    }

    private final Decimal38 decimal = new Decimal38();

    /**
     * Replaces the row's content. Throws {@link IllegalArgumentException} saying which field cannot be kept;
     * the row is then undefined.
     */
    public void read(Envelope event, Row row) {
        row.clear();
        Channel channel = Channel.of(event.getChannel());
        FieldDescriptor body = BODIES.get(channel);
        if (body == null || !event.hasField(body)) {
            throw new IllegalArgumentException(
                    "channel " + event.getChannel() + " holds " + event.getEventCase() + ", not its own kind of event");
        }
        Message message = (Message) event.getField(body);
        if (!event.getUnknownFields().asMap().isEmpty()
                || !message.getUnknownFields().asMap().isEmpty()) {
            throw new IllegalArgumentException("the event has fields that this version does not know");
        }
        for (Binding binding : HEAD) {
            read(event, binding, row, true);
        }
        row.number(EVENT_TIME, Events.eventTime(event));
        row.number(EVENT_TIME_IS_RECEIVE_TIME, event.hasExchangeTime() ? 0 : 1);
        for (Binding binding : FIELDS.getOrDefault(channel, List.of())) {
            read(message, binding, row, false);
        }
        if (channel == Channel.BOOK_SNAPSHOTS || channel == Channel.BOOK_DELTAS) {
            for (BookSide side : BookSide.BOTH) {
                readLevels(message, side, row);
            }
        } else if (channel == Channel.SESSIONS && event.getSession().getConflatedCount() > 0) {
            row.beginList(CONFLATED_FIRST);
            row.beginList(CONFLATED_LAST);
            for (SequenceRange range : event.getSession().getConflatedList()) {
                row.appendNumber(CONFLATED_FIRST, range.getFirst());
                row.appendNumber(CONFLATED_LAST, range.getLast());
            }
        }
    }

    private void read(Message message, Binding binding, Row row, boolean head) {
        FieldDescriptor field = binding.field();
        Column column = binding.column();
        if (field.isRepeated()) {
            readTexts(message, binding, row);
            return;
        }
        if (field.hasPresence() && !message.hasField(field)) {
            return;
        }
        Object value = message.getField(field);
        switch (column.kind()) {
            case INT64, INT32, TIME, DATE -> row.number(column, ((Number) value).longValue());
            case FLAG -> row.number(column, (Boolean) value ? 1 : 0);
            case TEXT -> {
                String text = value instanceof EnumValueDescriptor name ? enumText(name) : (String) value;
                // What every event has stands even when it is empty, since its column is required.
                if (!text.isEmpty() || (head && !field.getName().equals("venue_symbol"))) {
                    row.bytes(column, text.getBytes(StandardCharsets.UTF_8));
                }
            }
            case BYTES -> {
                ByteString bytes = (ByteString) value;
                if (!bytes.isEmpty()) {
                    row.bytes(column, bytes.toByteArray());
                }
            }
            case DECIMAL -> {
                byte[] wire = ((ByteString) value).toByteArray();
                if (wire.length > 0 || field.hasPresence()) {
                    readDecimal(wire, column);
                    decimal.writeFixed16(row.decimalSpace(column), 0);
                }
            }
            case DECIMALS, TEXTS, INT64S -> throw new IllegalStateException(column.name() + " is a list");
        }
    }

    private static void readTexts(Message message, Binding binding, Row row) {
        int count = message.getRepeatedFieldCount(binding.field());
        if (count > 0) {
            List<byte[]> texts = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                texts.add(((String) message.getRepeatedField(binding.field(), i)).getBytes(StandardCharsets.UTF_8));
            }
            row.texts(binding.column(), texts);
        }
    }

    private void readLevels(Message message, BookSide side, Row row) {
        FieldDescriptor field = side.in(message.getDescriptorForType());
        if (field == null || !message.hasField(field)) {
            return;
        }
        Levels levels = (Levels) message.getField(field);
        int narrow = levels.getPricesCount();
        int wide = levels.getWidePricesCount();
        if (narrow != levels.getSizesCount() || wide != levels.getWideSizesCount()) {
            throw new IllegalArgumentException(side.field + ": " + (narrow + wide) + " prices and "
                    + (levels.getSizesCount() + levels.getWideSizesCount()) + " sizes");
        }
        row.beginList(side.prices);
        row.beginList(side.sizes);
        for (int i = 0; i < narrow; i++) {
            append(row, side.prices, levels.getPrices(i), levels.getPriceScale());
            append(row, side.sizes, levels.getSizes(i), levels.getSizeScale());
        }
        for (int i = 0; i < wide; i++) {
            append(row, side.prices, levels.getWidePrices(i));
            append(row, side.sizes, levels.getWideSizes(i));
        }
    }

    private void append(Row row, Column column, long coefficient, int scale) {
        decimal.set(coefficient, scale);
        append(row, column);
    }

    private void append(Row row, Column column, ByteString wire) {
        readDecimal(wire.toByteArray(), column);
        append(row, column);
    }

    private void append(Row row, Column column) {
        int offset = row.appendSpace(column, Row.DECIMAL_BYTES);
        decimal.writeFixed16(row.bytes(column), offset);
    }

    private void readDecimal(byte[] wire, Column column) {
        try {
            decimal.readWire(wire, 0, wire.length);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(column.name() + ": " + e.getMessage(), e);
        }
    }

    /** The event of a row; throws {@link IllegalArgumentException} for values that no event has. */
    public Envelope event(Row row) {
        Channel channel = Channel.of(text(row, CHANNEL));
        FieldDescriptor body = BODIES.get(channel);
        if (body == null) {
            throw new IllegalArgumentException("no event of channel " + channel);
        }
        Envelope.Builder event = Envelope.newBuilder();
        for (Binding binding : HEAD) {
            write(row, binding, event);
        }
        Message.Builder message = event.newBuilderForField(body);
        for (Binding binding : FIELDS.getOrDefault(channel, List.of())) {
            write(row, binding, message);
        }
        if (channel == Channel.BOOK_SNAPSHOTS || channel == Channel.BOOK_DELTAS) {
            for (BookSide side : BookSide.BOTH) {
                FieldDescriptor field = side.in(message.getDescriptorForType());
                if (field != null && row.has(side.prices)) {
                    message.setField(field, levels(row, side));
                }
            }
        } else if (message instanceof Session.Builder session && row.has(CONFLATED_FIRST)) {
            for (int i = 0; i < row.count(CONFLATED_FIRST); i++) {
                session.addConflated(SequenceRange.newBuilder()
                        .setFirst(row.listNumber(CONFLATED_FIRST, i))
                        .setLast(row.listNumber(CONFLATED_LAST, i)));
            }
        }
        return event.setField(body, message.build()).build();
    }

    /** Only the name of the row's event; needs no other columns. */
    public static Identity identity(Row row) {
        return new Identity(
                text(row, EventSchema.column("edge")),
                row.number(EventSchema.column("incarnation")),
                text(row, EventSchema.column("source")),
                text(row, CHANNEL),
                text(row, EventSchema.column("symbol")),
                row.number(EventSchema.column("sequence")));
    }

    private static String text(Row row, Column column) {
        return new String(row.bytes(column), StandardCharsets.UTF_8);
    }

    private void write(Row row, Binding binding, Message.Builder message) {
        Column column = binding.column();
        FieldDescriptor field = binding.field();
        if (!row.has(column)) {
            return;
        }
        switch (column.kind()) {
            case INT64, TIME -> message.setField(field, row.number(column));
            case INT32, DATE -> message.setField(field, (int) row.number(column));
            case FLAG -> message.setField(field, row.number(column) != 0);
            case TEXT -> {
                String text = text(row, column);
                message.setField(
                        field, field.getJavaType() == FieldDescriptor.JavaType.ENUM ? enumValue(field, text) : text);
            }
            case BYTES -> message.setField(field, ByteString.copyFrom(row.bytes(column)));
            case DECIMAL -> {
                Shortest.read(row.bytes(column), 0, decimal);
                message.setField(field, Events.decimal(decimal));
            }
            case TEXTS -> {
                for (byte[] text : row.texts(column)) {
                    message.addRepeatedField(field, new String(text, StandardCharsets.UTF_8));
                }
            }
            case DECIMALS, INT64S -> throw new IllegalStateException(column.name() + " is written by name");
        }
    }

    private static Levels levels(Row row, BookSide side) {
        int count = row.count(side.prices);
        if (count != row.count(side.sizes)) {
            throw new IllegalArgumentException(
                    side.field + ": " + count + " prices and " + row.count(side.sizes) + " sizes");
        }
        Levels.Builder levels = Levels.newBuilder();
        Shortest prices = new Shortest(row.bytes(side.prices), count);
        Shortest sizes = new Shortest(row.bytes(side.sizes), count);
        if (prices.fitsLong() && sizes.fitsLong()) {
            levels.setPriceScale(prices.scale()).setSizeScale(sizes.scale());
            for (int i = 0; i < count; i++) {
                levels.addPrices(prices.coefficient(i)).addSizes(sizes.coefficient(i));
            }
        } else {
            for (int i = 0; i < count; i++) {
                levels.addWidePrices(Events.decimal(prices.value(i))).addWideSizes(Events.decimal(sizes.value(i)));
            }
        }
        return levels.build();
    }

    /** Empty for zero without a meaning of its own ("unknown"). */
    private static String enumText(EnumValueDescriptor value) {
        if (value.getIndex() < 0) {
            return Integer.toString(value.getNumber());
        }
        String prefix = prefix(value.getType().getName());
        String name = value.getName().substring(prefix.length());
        return name.equals("UNKNOWN") ? "" : name.toLowerCase(Locale.ROOT);
    }

    private static EnumValueDescriptor enumValue(FieldDescriptor field, String text) {
        if (Character.isDigit(text.charAt(0))) {
            return field.getEnumType().findValueByNumberCreatingIfUnknown(Integer.parseInt(text));
        }
        EnumValueDescriptor value = field.getEnumType()
                .findValueByName(prefix(field.getEnumType().getName()) + text.toUpperCase(Locale.ROOT));
        if (value == null) {
            throw new IllegalArgumentException(field.getName() + ": unknown value \"" + text + "\"");
        }
        return value;
    }

    /** {@code GapReason} has values that begin with {@code GAP_REASON_}. */
    private static String prefix(String type) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < type.length(); i++) {
            char c = type.charAt(i);
            if (Character.isUpperCase(c) && out.length() > 0) {
                out.append('_');
            }
            out.append(Character.toUpperCase(c));
        }
        return out.append('_').toString();
    }
}
