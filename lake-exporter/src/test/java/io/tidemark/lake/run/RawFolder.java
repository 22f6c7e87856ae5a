package io.tidemark.lake.run;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.files.schema.EventSchema;
import io.tidemark.contracts.files.write.EventFileWriter;
import io.tidemark.contracts.files.write.FileSummary;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.lake.LakePath;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Frame;
import io.tidemark.contracts.proto.Quote;
import io.tidemark.contracts.proto.Session;
import io.tidemark.contracts.proto.Side;
import io.tidemark.contracts.proto.Trade;
import io.tidemark.contracts.segment.HourManifest;
import io.tidemark.contracts.segment.HourManifest.SegmentFile;
import io.tidemark.contracts.segment.SegmentPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An edge's raw folder in a lake, filled with segments of a small day. */
public final class RawFolder {
    public static final String TENANT = "default";
    public static final long HOUR = 3_600_000_000_000L;
    /** 2024-08-08T22:00:00Z. */
    public static final long START = 1_723_154_400_000_000_000L;

    private final Path lakeRoot;
    private final String edge;
    private final String ending;
    private final Map<Instant, List<SegmentFile>> hours = new LinkedHashMap<>();
    public final List<Envelope> written = new ArrayList<>();

    public RawFolder(Path lakeRoot, String edge) {
        this(lakeRoot, edge, SegmentPath.PARQUET);
    }

    /** With segments of another form. */
    public RawFolder(Path lakeRoot, String edge, String ending) {
        this.ending = ending;
        this.lakeRoot = lakeRoot;
        this.edge = edge;
    }

    public Path folder() {
        return LakePath.tenantRoot(lakeRoot, TENANT).resolve(LakePath.raw(edge));
    }

    Envelope.Builder head(String channel, String symbol, long incarnation, long sequence, long receiveTime) {
        return Envelope.newBuilder()
                .setSchemaVersion(1)
                .setTenant(TENANT)
                .setEdge(edge)
                .setIncarnation(incarnation)
                .setSource("binance")
                .setChannel(channel)
                .setSymbol(symbol)
                .setConnector("ws")
                .setSequence(sequence)
                .setReceiveTime(receiveTime);
    }

    /** Received 1.27 s "before" it happened, as real recordings are. */
    public Envelope trade(String symbol, long incarnation, long sequence, long receiveTime) {
        return head("trades", symbol, incarnation, sequence, receiveTime)
                .setExchangeTime(receiveTime + 1_270_000_000L)
                .setTrade(Trade.newBuilder()
                        .setTradeId(Long.toString(sequence))
                        .setPrice(Events.decimal("60000." + (10 + sequence % 90)))
                        .setSize(Events.decimal("0.0" + (1 + sequence % 9)))
                        .setSide(sequence % 2 == 0 ? Side.SIDE_BUY : Side.SIDE_SELL))
                .build();
    }

    public Envelope quote(String symbol, long incarnation, long sequence, long receiveTime) {
        return head("quotes", symbol, incarnation, sequence, receiveTime)
                .setQuote(Quote.newBuilder()
                        .setBidPrice(Events.decimal("59999.5"))
                        .setBidSize(Events.decimal("1." + sequence)))
                .build();
    }

    public Envelope bar(String symbol, long sequence, long receiveTime, long openTime) {
        return head("bars-1m", symbol, 1, sequence, receiveTime)
                .setExchangeTime(openTime)
                .setBar(Bar.newBuilder()
                        .setTimeframe("1m")
                        .setOpenTime(openTime)
                        .setOpen(Events.decimal("1"))
                        .setHigh(Events.decimal("2"))
                        .setLow(Events.decimal("1"))
                        .setClose(Events.decimal("2"))
                        .setVolume(Events.decimal("3.5"))
                        .setTradeCount(sequence)
                        .setComplete(true)
                        .setVendor("binance"))
                .build();
    }

    public Envelope session(long sequence, long receiveTime) {
        return head("sessions", Channel.WHOLE_CONNECTION, 1, sequence, receiveTime)
                .setSession(Session.newBuilder().setChangeValue(1))
                .build();
    }

    public Envelope frame(long sequence, long receiveTime) {
        return head("frames", Channel.WHOLE_CONNECTION, 1, sequence, receiveTime)
                .setFrame(Frame.newBuilder().setPayload(com.google.protobuf.ByteString.copyFromUtf8("{}")))
                .build();
    }

    /** Writes one segment of the hour of its first event's receive time. */
    public Path segment(long ordinal, List<Envelope> events) throws IOException {
        Envelope first = events.get(0);
        SegmentPath path = new SegmentPath(
                Connector.WS,
                first.getChannel(),
                first.getSource(),
                first.getSymbol(),
                SegmentPath.hourOf(first.getReceiveTime()),
                ordinal,
                ending);
        Path file = folder().resolve(path.relative());
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        try (EventFileWriter writer =
                EventFileWriter.open(file, EventSchema.raw(first.getChannel()), WriteOptions.EDGE)) {
            for (Envelope event : events) {
                writer.write(event);
            }
            FileSummary summary = writer.finish();
            hours.computeIfAbsent(path.hour(), hour -> new ArrayList<>())
                    .add(new SegmentFile(
                            path.relative(),
                            summary.sha256(),
                            summary.bytes(),
                            summary.rows(),
                            summary.rowHash(),
                            summary.minEventTime(),
                            summary.maxEventTime(),
                            summary.minReceiveTime(),
                            summary.maxReceiveTime()));
        }
        written.addAll(events);
        return file;
    }

    /** Declares every hour so far complete. */
    public void completeHours(long ordinal) throws IOException {
        for (Map.Entry<Instant, List<SegmentFile>> hour : hours.entrySet()) {
            HourManifest manifest = new HourManifest(TENANT, edge, hour.getKey(), ordinal, true, hour.getValue());
            Path file = folder().resolve(manifest.path());
            Files.createDirectories(file.getParent());
            Files.write(file, manifest.toBytes());
        }
        hours.clear();
    }

    /** Two hours of two instruments, bars of the hour before, sessions, and frames. */
    public void smallDay(int perHour) throws IOException {
        long ordinal = 1;
        for (int hour = 0; hour < 2; hour++) {
            long begin = START + hour * HOUR;
            long step = HOUR / perHour;
            for (String symbol : List.of("BTC-USDT", "ETH-USDT")) {
                List<Envelope> trades = new ArrayList<>();
                List<Envelope> quotes = new ArrayList<>();
                for (int i = 0; i < perHour; i++) {
                    long sequence = (long) hour * perHour + i;
                    // The last trade happens in the hour after the one it is received in.
                    long at = begin + (i + 1) * step - 1_000_000_000L;
                    trades.add(trade(symbol, 1, sequence, at));
                    quotes.add(quote(symbol, 1, sequence, at));
                }
                segment(ordinal, trades);
                segment(ordinal, quotes);
                segment(ordinal, List.of(bar(symbol, hour, begin + 1, begin - 60_000_000_000L)));
            }
            segment(ordinal, List.of(session(hour, begin + 5)));
            segment(ordinal, List.of(frame(hour, begin + 6)));
            ordinal++;
        }
    }

    public List<Envelope> sealable() {
        return written.stream()
                .filter(event -> !event.getChannel().equals("frames"))
                .toList();
    }
}
