package io.tidemark.edge.log;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.FrameKind;
import io.tidemark.contracts.proto.Side;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** A store in a folder with a clock driven by hand, and batches as a feed would make them. */
public final class LogFixture implements AutoCloseable {
    public static final String SOURCE = "binance";

    public record Settings(
            int batchSize, Duration writeInterval, Duration flushInterval, int segmentMaxMb, int compressionLevel)
            implements LogSettings {
        public static final Settings USUAL = new Settings(100, Duration.ofMillis(250), Duration.ofSeconds(5), 100, 1);

        public Settings batches(int size) {
            return new Settings(size, writeInterval, flushInterval, segmentMaxMb, compressionLevel);
        }

        public Settings megabytes(int max) {
            return new Settings(batchSize, writeInterval, flushInterval, max, compressionLevel);
        }
    }

    private volatile Instant now = Instant.parse("2026-11-20T10:15:00Z");
    public final InstantSource clock = () -> now;
    public final LogStore store;
    private long nanos;

    public LogFixture(Path folder) throws IOException {
        this(folder, Settings.USUAL);
    }

    public LogFixture(Path folder, LogSettings settings) throws IOException {
        this(folder, settings, LogDevice.DISK);
    }

    LogFixture(Path folder, LogSettings settings, LogDevice device) throws IOException {
        store = new LogStore(folder, "pi", "default", settings, clock, new SimpleMeterRegistry(), () -> nanos, device);
    }

    /** Without fsync and without rotation: for measuring what the processor does. */
    public static LogFixture unsynced(Path folder) throws IOException {
        return new LogFixture(folder, Settings.USUAL.megabytes(2000), path -> {
            LogDevice.Output disk = LogDevice.DISK.create(path);
            return new LogDevice.Output() {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    disk.write(bytes, offset, length);
                }

                @Override
                public void sync() {}

                @Override
                public void truncate(long length) throws IOException {
                    disk.truncate(length);
                }

                @Override
                public void close() throws IOException {
                    disk.close();
                }
            };
        });
    }

    /** Both clocks go on. */
    public void pass(Duration time) {
        now = now.plus(time);
        nanos += time.toNanos();
        store.tick();
    }

    public void at(String time) {
        now = Instant.parse(time);
    }

    public long receiveTime() {
        Instant instant = now;
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    /** One frame and the trade in it. */
    public void trade(EventLog log, long id) {
        trade(log, id, "BTC-USDT");
    }

    public void trade(EventLog log, long id, String symbol) {
        frame(
                log,
                ("{\"stream\":\"btcusdt@trade\",\"data\":{\"t\":" + id + ",\"p\":\"61234.50\",\"q\":\"0.00120\"}}")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        tradeEvent(log, id, symbol, receiveTime() - 1_000_000 * (id % 3));
    }

    /** Without a frame. */
    public void tradeAt(EventLog log, long id, long exchangeTime) {
        tradeEvent(log, id, "BTC-USDT", exchangeTime);
    }

    private void tradeEvent(EventLog log, long id, String symbol, long exchangeTime) {
        Journal.Stream trades = log.stream("trades", symbol, symbol.replace("-", ""), Connector.WS);
        log.encoder()
                .trade(
                        trades.head(),
                        trades.sequence(),
                        receiveTime(),
                        exchangeTime,
                        Long.toString(id),
                        Decimal38.of("61234.50"),
                        Decimal38.of("0.00120"),
                        Side.SIDE_BUY,
                        EventEncoder.ABSENT,
                        EventEncoder.ABSENT,
                        false);
        log.add(trades);
        log.commit();
    }

    public void quote(EventLog log, long updateId) {
        Journal.Stream quotes = log.stream("quotes", "BTC-USDT", "BTCUSDT", Connector.WS);
        log.encoder()
                .quote(
                        quotes.head(),
                        quotes.sequence(),
                        receiveTime(),
                        EventEncoder.ABSENT,
                        Decimal38.of("61234.49"),
                        Decimal38.of("1.5"),
                        null,
                        null,
                        updateId);
        log.add(quotes);
        log.commit();
    }

    /** Only the frame, batch left open. */
    public void frame(EventLog log, byte[] payload) {
        Journal.Stream frames = log.stream("frames", "_", "", Connector.WS);
        log.encoder()
                .frame(
                        frames.head(),
                        frames.sequence(),
                        receiveTime(),
                        FrameKind.FRAME_KIND_TEXT,
                        payload,
                        0,
                        payload.length,
                        "");
        log.add(frames);
    }

    public static List<Envelope> events(LogStore store, String source) throws IOException {
        List<Envelope> events = new ArrayList<>();
        store.replay(source, Instant.EPOCH, kind -> true, events::add);
        return events;
    }

    /** The ids of the trades, in the order of the log. */
    public static List<Long> trades(LogStore store) throws IOException {
        List<Long> ids = new ArrayList<>();
        for (Envelope event : events(store, SOURCE)) {
            if (event.hasTrade()) {
                ids.add(Long.parseLong(event.getTrade().getTradeId()));
            }
        }
        return ids;
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
