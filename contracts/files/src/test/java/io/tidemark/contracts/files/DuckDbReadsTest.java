package io.tidemark.contracts.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.event.LevelList;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Levels;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DuckDB, which shares no code with the writer, reads every decimal, number, text and time exactly. */
class DuckDbReadsTest {
    @TempDir
    Path folder;

    private static List<Envelope> samples(String channel) {
        SampleEvents samples = new SampleEvents(11);
        List<Envelope> events = new ArrayList<>();
        events.add(SampleEvents.bare(channel, 0));
        for (int i = 1; i < 300; i++) {
            events.add(samples.event(channel, i, 0.7));
        }
        return events;
    }

    @Test
    void rawFilesOfEveryKind() throws IOException, SQLException {
        for (String channel : SampleEvents.BODIES.keySet()) {
            check(channel, samples(channel), EventSchema.raw(channel));
        }
    }

    @Test
    void lakeFilesOfEveryKind() throws IOException, SQLException {
        for (String channel : SampleEvents.BODIES.keySet()) {
            if (!channel.equals("frames")) {
                check("lake-" + channel, samples(channel), EventSchema.LAKE);
            }
        }
    }

    private void check(String name, List<Envelope> events, EventSchema schema) throws IOException, SQLException {
        Path file = folder.resolve(name + ".parquet");
        try (EventFileWriter writer = EventFileWriter.open(file, schema, WriteOptions.LAKE)) {
            for (Envelope event : events) {
                writer.write(event);
            }
            writer.finish();
        }
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT *, epoch_ns(receive_time) AS received, epoch_ns(exchange_time) AS happened"
                                + " FROM read_parquet('" + file + "') ORDER BY sequence")) {
            for (Envelope event : events) {
                assertTrue(rows.next());
                assertEquals(event.getReceiveTime(), rows.getLong("received"));
                assertEquals(
                        event.hasExchangeTime() ? event.getExchangeTime() : null, (Object) rows.getObject("happened"));
                assertEquals(event.getEdge(), rows.getString("edge"));
                assertEquals(event.getSequence(), rows.getLong("sequence"));
                checkBody(event, rows);
            }
            assertEquals(false, rows.next());
        }
    }

    private static void checkBody(Envelope event, ResultSet rows) throws SQLException {
        Message body = (Message) event.getField(event.getAllFields().keySet().stream()
                .filter(field -> field.getRealContainingOneof() != null)
                .findFirst()
                .orElseThrow());
        for (FieldDescriptor field : body.getDescriptorForType().getFields()) {
            String column = field.getName();
            boolean renamed =
                    List.of("right", "frame", "reason", "change", "kind").contains(column);
            switch (field.getType()) {
                case BYTES -> checkDecimal(event, body, field, rows);
                case STRING -> {
                    if (!field.isRepeated() && !renamed) {
                        String text = (String) body.getField(field);
                        assertEquals(text.isEmpty() ? null : text, rows.getString(column), column);
                    }
                }
                case UINT64, SINT64 -> {
                    Object expected = field.hasPresence() && !body.hasField(field) ? null : body.getField(field);
                    assertEquals(expected, rows.getObject(column), column);
                }
                case MESSAGE -> {
                    if (column.equals("bids") || column.equals("asks")) {
                        checkLevels(body, field, rows);
                    }
                }
                default -> {}
            }
        }
    }

    private static void checkDecimal(Envelope event, Message body, FieldDescriptor field, ResultSet rows)
            throws SQLException {
        if (Channel.of(event.getChannel()) == Channel.FRAMES) {
            return;
        }
        ByteString wire = (ByteString) body.getField(field);
        BigDecimal found = rows.getBigDecimal(field.getName());
        if (wire.isEmpty()) {
            assertEquals(null, found, field.getName());
        } else {
            assertEquals(0, Events.decimal(wire).toBigDecimal().compareTo(found), field.getName() + " " + found);
        }
    }

    private static void checkLevels(Message body, FieldDescriptor field, ResultSet rows) throws SQLException {
        String side = field.getName().substring(0, 3);
        @Nullable Array prices = rows.getArray(side + "_prices");
        @Nullable Array sizes = rows.getArray(side + "_sizes");
        if (!body.hasField(field)) {
            assertTrue(prices == null && sizes == null);
            return;
        }
        LevelList expected = new LevelList();
        expected.read((Levels) body.getField(field));
        assertTrue(prices != null && sizes != null);
        if (prices != null && sizes != null) {
            Object[] foundPrices = (Object[]) prices.getArray();
            Object[] foundSizes = (Object[]) sizes.getArray();
            assertEquals(expected.size(), foundPrices.length);
            assertEquals(expected.size(), foundSizes.length);
            Decimal38 value = new Decimal38();
            for (int i = 0; i < foundPrices.length; i++) {
                expected.price(i, value);
                assertEquals(0, value.toBigDecimal().compareTo((BigDecimal) foundPrices[i]));
                expected.size(i, value);
                assertEquals(0, value.toBigDecimal().compareTo((BigDecimal) foundSizes[i]));
            }
        }
    }
}
