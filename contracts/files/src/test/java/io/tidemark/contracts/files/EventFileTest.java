package io.tidemark.contracts.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.files.schema.EventRows;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.schema.Row;
import io.tidemark.contracts.files.schema.RowHash;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.files.write.FileSummary;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Frame;
import io.tidemark.contracts.proto.Levels;
import io.tidemark.contracts.proto.Quote;
import io.tidemark.contracts.proto.Side;
import io.tidemark.contracts.proto.Trade;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFileTest {
    private static final WriteOptions SMALL = new WriteOptions(WriteOptions.Codec.ZSTD, 3, 64 << 10);

    @TempDir
    Path folder;

    private static FileSummary write(Path file, EventSchema schema, WriteOptions options, List<Envelope> events)
            throws IOException {
        try (EventFileWriter writer = EventFileWriter.open(file, schema, options)) {
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

    private static byte[] canonical(Envelope event) {
        Row row = new Row();
        new EventRows().read(event, row);
        return new RowHash().canonical(row);
    }

    private static void assertSameByValue(List<Envelope> expected, List<Envelope> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            String difference = expected.get(i) + "\n became \n" + actual.get(i);
            assertArrayEquals(canonical(expected.get(i)), canonical(actual.get(i)), difference);
            // Presence of every field, which the canonical bytes show only where a value is kept.
            assertEquals(expected.get(i).getEventCase(), actual.get(i).getEventCase(), difference);
            assertEquals(expected.get(i).hasExchangeTime(), actual.get(i).hasExchangeTime(), difference);
        }
    }

    private static List<Envelope> samples(String channel, int count, long seed) {
        SampleEvents samples = new SampleEvents(seed);
        List<Envelope> events = new ArrayList<>();
        events.add(SampleEvents.bare(channel, 0));
        for (int i = 1; i < count; i++) {
            events.add(samples.event(channel, i, i % 3 == 0 ? 1 : 0.6));
        }
        return events;
    }

    @Test
    void everyKindComesBackFromItsRawFile() throws IOException {
        for (String channel : SampleEvents.BODIES.keySet()) {
            Path file = folder.resolve(channel + ".parquet");
            List<Envelope> events = samples(channel, 2_000, 7);
            FileSummary summary = write(file, EventSchema.raw(channel), SMALL, events);
            assertEquals(2_000, summary.rows());
            assertEquals(Files.size(file), summary.bytes());
            assertSameByValue(events, read(file));
        }
    }

    @Test
    void everyKindButFramesComesBackFromOneLakeFile() throws IOException {
        List<Envelope> events = new ArrayList<>();
        for (String channel : SampleEvents.BODIES.keySet()) {
            if (!channel.equals("frames")) {
                events.addAll(samples(channel, 300, 8));
            }
        }
        Path file = folder.resolve("lake.parquet");
        write(file, EventSchema.LAKE, SMALL, events);
        assertSameByValue(events, read(file));
        List<Identity> identities = new ArrayList<>();
        try (EventFileReader reader = EventFileReader.openIdentities(file)) {
            for (Identity name = reader.nextIdentity(); name != null; name = reader.nextIdentity()) {
                identities.add(name);
            }
        }
        assertEquals(events.stream().map(Identity::of).toList(), identities);
    }

    @Test
    void valuesKeepTheirWorthAndLoseOnlyTheirSpelling() throws IOException {
        Envelope trade = SampleEvents.head("trades", 0)
                .setTrade(Trade.newBuilder()
                        .setTradeId("42")
                        .setPrice(Events.decimal("60000.12000000"))
                        .setSize(Events.decimal("99999999999999999999.999999999999999999"))
                        .setSide(Side.SIDE_SELL)
                        .setFirstTradeId(0))
                .build();
        Path file = folder.resolve("t.parquet");
        write(file, EventSchema.raw("trades"), WriteOptions.EDGE, List.of(trade));
        Trade back = read(file).get(0).getTrade();
        assertEquals("60000.12", Events.decimal(back.getPrice()).toString());
        assertEquals(
                "99999999999999999999.999999999999999999",
                Events.decimal(back.getSize()).toString());
        assertEquals(Side.SIDE_SELL, back.getSide());
        assertTrue(back.hasFirstTradeId());
        assertFalse(back.hasLastTradeId());
        assertEquals("42", back.getTradeId());
    }

    @Test
    void anAbsentBookSideIsNotAnEmptyOne() throws IOException {
        Envelope.Builder event = SampleEvents.head("book-deltas", 0);
        event.getBookDeltaBuilder().setBids(Levels.getDefaultInstance());
        Path file = folder.resolve("d.parquet");
        write(file, EventSchema.raw("book-deltas"), WriteOptions.EDGE, List.of(event.build()));
        Envelope back = read(file).get(0);
        assertTrue(back.getBookDelta().hasBids());
        assertFalse(back.getBookDelta().hasAsks());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ZSTD", "SNAPPY"})
    void theSameEventsGiveTheSameBytes(WriteOptions.Codec codec) throws IOException {
        WriteOptions options = new WriteOptions(codec, 5, 64 << 10);
        List<Envelope> events = samples("book-deltas", 3_000, 9);
        FileSummary first = write(folder.resolve("a.parquet"), EventSchema.LAKE, options, events);
        FileSummary second = write(folder.resolve("b.parquet"), EventSchema.LAKE, options, events);
        assertEquals(first, second);
        assertEquals(-1, Files.mismatch(folder.resolve("a.parquet"), folder.resolve("b.parquet")));
    }

    @Test
    void theHashOfRawFilesIsThatOfTheLakeFileInAnyOrder() throws IOException {
        List<Envelope> trades = samples("trades", 100, 1);
        List<Envelope> news = samples("news", 100, 2);
        RowHash sum = new RowHash();
        sum.add(write(folder.resolve("t"), EventSchema.raw("trades"), SMALL, trades)
                .rowHash());
        sum.add(write(folder.resolve("n"), EventSchema.raw("news"), SMALL, news).rowHash());
        List<Envelope> mixed = new ArrayList<>(trades);
        mixed.addAll(news);
        java.util.Collections.shuffle(mixed, new Random(3));
        assertEquals(
                sum.hex(),
                write(folder.resolve("l"), EventSchema.LAKE, SMALL, mixed).rowHash());
    }

    @Test
    void aFileCutAnywhereIsRefusedAtOnce() throws IOException {
        Path whole = folder.resolve("whole.parquet");
        write(whole, EventSchema.raw("trades"), SMALL, samples("trades", 3_000, 4));
        byte[] bytes = Files.readAllBytes(whole);
        Random random = new Random(5);
        List<Integer> cuts = new ArrayList<>(List.of(0, 1, 3, 4, 5, 12, bytes.length - 1, bytes.length - 8));
        for (int i = 0; i < 200; i++) {
            cuts.add(random.nextInt(bytes.length));
        }
        Path cut = folder.resolve("cut.parquet");
        for (int length : cuts) {
            Files.write(cut, java.util.Arrays.copyOf(bytes, length));
            DamagedFileException refused = assertThrows(
                    DamagedFileException.class, () -> EventFileReader.open(cut).close(), "cut at " + length);
            assertTrue(String.valueOf(refused.getMessage()).contains(cut.toString()));
        }
    }

    @Test
    void aChangedByteIsRefusedOrChangesNothing() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Path whole = folder.resolve("whole.parquet");
        List<Envelope> events = samples("quotes", 400, 4);
        write(whole, EventSchema.raw("quotes"), SMALL, events);
        byte[] bytes = Files.readAllBytes(whole);
        Random random = new Random(seed);
        int refused = 0;
        Path changed = folder.resolve("changed.parquet");
        for (int i = 0; i < 300; i++) {
            byte[] copy = bytes.clone();
            int at = random.nextInt(copy.length);
            copy[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(changed, copy);
            List<Envelope> read;
            try {
                read = read(changed);
            } catch (DamagedFileException e) {
                refused++;
                continue;
            }
            assertSameByValue(events, read);
        }
        assertTrue(refused > 150, "only " + refused + " of 300 changes were noticed");
    }

    @Test
    void aRefusedEventLeavesTheFileAsItWas() throws IOException {
        Path file = folder.resolve("q.parquet");
        try (EventFileWriter writer = EventFileWriter.open(file, EventSchema.raw("quotes"), SMALL)) {
            Envelope good = SampleEvents.bare("quotes", 0);
            writer.write(good);
            Envelope bad = SampleEvents.head("quotes", 1)
                    .setQuote(Quote.newBuilder().setBidPrice(ByteString.copyFromUtf8("not a decimal, surely")))
                    .build();
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> writer.write(bad));
            String message = String.valueOf(refused.getMessage());
            assertTrue(
                    message.contains("row 1") && message.contains("bid_price") && message.contains("/quotes/"),
                    message);
            assertThrows(IllegalArgumentException.class, () -> writer.write(SampleEvents.bare("trades", 0)));
            writer.write(SampleEvents.bare("quotes", 2));
            assertEquals(2, writer.finish().rows());
        }
        assertEquals(2, read(file).size());
    }

    @Test
    void anUnfinishedFileIsDeleted() throws IOException {
        Path file = folder.resolve("x.parquet");
        try (EventFileWriter writer = EventFileWriter.open(file, EventSchema.raw("quotes"), SMALL)) {
            writer.write(SampleEvents.bare("quotes", 0));
        }
        assertFalse(Files.exists(file));
    }

    @Test
    void framesOfMegabytesStayWithinTheRowGroupBound() throws IOException {
        Path file = folder.resolve("f.parquet");
        byte[] payload = new byte[3 << 20];
        new Random(6).nextBytes(payload);
        try (EventFileWriter writer = EventFileWriter.open(file, EventSchema.raw("frames"), WriteOptions.EDGE)) {
            for (int i = 0; i < 5; i++) {
                long before = Files.size(file);
                writer.write(SampleEvents.head("frames", i)
                        .setFrame(Frame.newBuilder().setPayload(ByteString.copyFrom(payload)))
                        .build());
                assertTrue(Files.size(file) >= before + payload.length, "frame " + i + " is on disk");
            }
            writer.finish();
        }
        assertEquals(5, read(file).size());
    }
}
