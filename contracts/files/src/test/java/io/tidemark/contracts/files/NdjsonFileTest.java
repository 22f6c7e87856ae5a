package io.tidemark.contracts.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.files.write.FileSummary;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Frame;
import io.tidemark.contracts.proto.NewsItem;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NdjsonFileTest {
    @TempDir
    Path folder;

    private static FileSummary write(Path file, EventSchema schema, List<Envelope> events) throws IOException {
        try (EventFileWriter writer = EventFileWriter.open(file, schema, WriteOptions.EDGE)) {
            for (Envelope event : events) {
                writer.write(event);
            }
            return writer.finish();
        }
    }

    private static List<Envelope> read(Path file) throws IOException {
        List<Envelope> events = new ArrayList<>();
        try (EventFileReader reader = EventFileReader.open(file)) {
            for (Envelope event = reader.next(); event != null; event = reader.next()) {
                events.add(event);
            }
        }
        return events;
    }

    private static List<Envelope> samples(String channel, int count) {
        SampleEvents samples = new SampleEvents(12);
        List<Envelope> events = new ArrayList<>();
        events.add(SampleEvents.bare(channel, 0));
        for (int i = 1; i < count; i++) {
            events.add(samples.event(channel, i, 0.7));
        }
        return events;
    }

    @Test
    void everyKindComesBackAsItDoesFromParquet() throws IOException {
        for (String channel : SampleEvents.BODIES.keySet()) {
            List<Envelope> events = samples(channel, 1_500);
            Path lines = folder.resolve(channel + ".ndjson.zst");
            Path parquet = folder.resolve(channel + ".parquet");
            FileSummary summary = write(lines, EventSchema.raw(channel), events);
            assertEquals(write(parquet, EventSchema.raw(channel), events).rowHash(), summary.rowHash(), channel);
            assertEquals(read(parquet), read(lines), channel);
            assertEquals(Files.size(lines), summary.bytes());
            assertEquals(1_500, summary.rows());
        }
    }

    @Test
    void theSameEventsGiveTheSameBytes() throws IOException {
        List<Envelope> events = samples("book-snapshots", 500);
        FileSummary first = write(folder.resolve("a.ndjson.zst"), EventSchema.LAKE, events);
        assertEquals(first, write(folder.resolve("b.ndjson.zst"), EventSchema.LAKE, events));
    }

    @Test
    void identitiesAloneCanBeRead() throws IOException {
        List<Envelope> events = samples("trades", 100);
        Path file = folder.resolve("t.ndjson.zst");
        write(file, EventSchema.raw("trades"), events);
        List<Identity> names = new ArrayList<>();
        try (EventFileReader reader = EventFileReader.openIdentities(file)) {
            for (Identity name = reader.nextIdentity(); name != null; name = reader.nextIdentity()) {
                names.add(name);
            }
        }
        assertEquals(events.stream().map(Identity::of).toList(), names);
    }

    @Test
    void everyCharacterAndLargeFramesComeBack() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 0x300; i++) {
            text.append((char) i);
        }
        text.append("\u20ac\ud83d\ude00 \"quoted\" \\u0041");
        Envelope news = SampleEvents.head("news", 0)
                .setNews(NewsItem.newBuilder().setTitle(text.toString()))
                .build();
        Path file = folder.resolve("n.ndjson.zst");
        write(file, EventSchema.raw("news"), List.of(news));
        assertEquals(List.of(news), read(file));

        byte[] payload = new byte[5 << 20];
        new Random(3).nextBytes(payload);
        Envelope frame = SampleEvents.head("frames", 0)
                .setFrame(Frame.newBuilder().setPayload(ByteString.copyFrom(payload)))
                .build();
        Path frames = folder.resolve("f.ndjson.zst");
        write(frames, EventSchema.raw("frames"), List.of(frame, frame));
        assertArrayEquals(payload, read(frames).get(1).getFrame().getPayload().toByteArray());
    }

    @Test
    void aFileCutAnywhereIsRefusedAtOnce() throws IOException {
        Path whole = folder.resolve("whole.ndjson.zst");
        write(whole, EventSchema.raw("trades"), samples("trades", 400));
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = folder.resolve("cut.ndjson.zst");
        for (int length = 0; length < bytes.length; length += length > bytes.length - 300 ? 1 : 41) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertThrows(
                    DamagedFileException.class, () -> EventFileReader.open(cut).close(), "cut at " + length);
        }
    }

    @Test
    void anyChangedByteIsRefused() throws IOException {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        System.out.println("tidemark.seed=" + seed);
        Path whole = folder.resolve("whole.ndjson.zst");
        write(whole, EventSchema.raw("quotes"), samples("quotes", 300));
        byte[] bytes = Files.readAllBytes(whole);
        Random random = new Random(seed);
        Path changed = folder.resolve("changed.ndjson.zst");
        for (int i = 0; i < 400; i++) {
            int at = i < 200 ? bytes.length - 1 - i : random.nextInt(bytes.length);
            byte[] copy = bytes.clone();
            copy[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(changed, copy);
            assertThrows(
                    DamagedFileException.class,
                    () -> EventFileReader.open(changed).close(),
                    "changed at " + at);
        }
    }

    @Test
    void anEmptyFileHasNoRows() throws IOException {
        Path file = folder.resolve("e.ndjson.zst");
        write(file, EventSchema.raw("trades"), List.of());
        assertEquals(List.of(), read(file));
    }

    @Test
    void duckDbReadsTheLinesExactly() throws IOException, SQLException {
        List<Envelope> events = samples("trades", 3_000);
        Path file = folder.resolve("t.ndjson.zst");
        write(file, EventSchema.raw("trades"), events);
        String from = " from read_ndjson('" + file + "', compression = 'zstd', columns = {sequence: 'BIGINT',"
                + " price: 'DECIMAL(38,18)', receive_time: 'BIGINT'})";
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows =
                        statement.executeQuery("select sequence, price, receive_time" + from + " order by sequence")) {
            for (Envelope event : events) {
                assertTrue(rows.next());
                assertEquals(event.getSequence(), rows.getLong(1));
                if (event.getTrade().getPrice().isEmpty()) {
                    assertEquals(null, rows.getBigDecimal(2));
                } else {
                    BigDecimal price = new BigDecimal(
                            Events.decimal(event.getTrade().getPrice()).toString());
                    assertEquals(0, price.compareTo(rows.getBigDecimal(2)));
                }
                assertEquals(event.getReceiveTime(), rows.getLong(3));
            }
        }
    }
}
