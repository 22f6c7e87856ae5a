package io.tidemark.edge.poll.klines;

import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.proto.Bar;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Gap;
import io.tidemark.contracts.proto.GapReason;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.BadFrameException.Reason;
import io.tidemark.edge.poll.Fields;
import io.tidemark.edge.poll.JsonRecords;
import io.tidemark.edge.poll.Numbers;
import io.tidemark.edge.poll.PollRequest;
import io.tidemark.edge.poll.PollSource;
import io.tidemark.edge.poll.RecordSink;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Closed candles of Binance and Binance.US, from the last one recorded on: {@code GET /api/v3/klines}, see
 * "Kline/Candlestick data" on developers.binance.com/docs/binance-spot-api-docs/rest-api/market-data-endpoints.
 *
 * <p>The last candle of an answer is never taken: it is the one still open, whatever the clock here says, or the first
 * of the next request. The exchange gives a candle for each interval, traded or not, so a hole is recorded as a gap.
 */
public final class BinanceKlines implements PollSource {
    private static final int MOST = 1000;
    private static final long MILLI = 1_000_000L;

    private record Series(String symbol, String venueSymbol, String interval, String channel, long length) {}

    private final String address;
    private final List<Series> series = new ArrayList<>();
    private final String vendor;
    private final Duration history;
    private final Numbers numbers;
    private final InstantSource clock;
    private final Map<String, Series> byRequest = new LinkedHashMap<>();
    /** By request: the opening time of the candle behind the last one recorded. */
    private final Map<String, Long> expected = new HashMap<>();

    /** {@code symbols}: normalised names by the venue's own. */
    public BinanceKlines(
            String address,
            Map<String, String> symbols,
            List<String> intervals,
            String vendor,
            Duration history,
            Numbers numbers,
            InstantSource clock) {
        this.address = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
        this.vendor = vendor;
        this.history = history;
        this.numbers = numbers;
        this.clock = clock;
        symbols.forEach((venueSymbol, symbol) -> intervals.forEach(interval -> {
            Series one = new Series(symbol, venueSymbol, interval, Channel.nativeBars(interval), length(interval));
            series.add(one);
            byRequest.put(id(one), one);
        }));
    }

    /** Nanoseconds. */
    public static long length(String interval) {
        long count = Long.parseLong(interval.substring(0, interval.length() - 1));
        return count
                * switch (interval.charAt(interval.length() - 1)) {
                    case 's' -> 1_000_000_000L;
                    case 'm' -> 60_000_000_000L;
                    case 'h' -> 3_600_000_000_000L;
                    case 'd' -> 86_400_000_000_000L;
                    default -> 604_800_000_000_000L;
                };
    }

    @Override
    public Topics family() {
        return Topics.BARS;
    }

    @Override
    public List<PollRequest> round(Recorded recorded) throws IOException {
        List<PollRequest> requests = new ArrayList<>();
        for (Series one : series) {
            requests.add(request(one, recorded));
        }
        return requests;
    }

    private static String id(Series one) {
        return one.venueSymbol + "@" + one.interval;
    }

    private PollRequest request(Series one, Recorded recorded) throws IOException {
        long newest = recorded.newest(one.channel, one.symbol);
        if (newest != EventEncoder.ABSENT) {
            expected.put(id(one), newest + one.length);
        }
        long from =
                newest == EventEncoder.ABSENT ? clock.instant().minus(history).toEpochMilli() : newest / MILLI + 1;
        URI uri = URI.create(address + "/api/v3/klines?symbol=" + one.venueSymbol + "&interval=" + one.interval
                + "&startTime=" + from + "&limit=" + MOST);
        return new PollRequest(id(one), uri, one.symbol, one.venueSymbol, false);
    }

    @Override
    public PollRequest following(PollRequest request, Recorded recorded) throws IOException {
        Series one = byRequest.get(request.id());
        return one == null ? request : request(one, recorded);
    }

    @Override
    public boolean decode(PollRequest request, byte[] answer, RecordSink sink) throws BadFrameException, IOException {
        Series one = byRequest.get(request.id());
        if (one == null) {
            throw new BadFrameException(Reason.UNKNOWN_SYMBOL, "nobody asked for " + request.id());
        }
        RecordSink.Target target = new RecordSink.Target(one.channel, one.symbol, one.venueSymbol);
        int rows = 0;
        int taken = 0;
        try (JsonRecords json = JsonRecords.of(answer)) {
            json.expect(JsonToken.START_ARRAY, "the list of candles");
            @Nullable List<@Nullable String> before = null;
            String position = "";
            long next = expected.getOrDefault(request.id(), EventEncoder.ABSENT);
            for (JsonToken at = json.token(); at == JsonToken.START_ARRAY; at = json.token()) {
                String here = json.position();
                List<@Nullable String> row = json.array();
                if (before != null) {
                    long open = Fields.millis(before.get(0), "open time");
                    gap(one, next, open, sink);
                    next = open + one.length;
                    taken += candle(target, one, before, position, sink) ? 1 : 0;
                }
                if (row.size() < 11) {
                    throw new BadFrameException(Reason.MISSING_FIELD, "a candle of " + row.size() + " fields");
                }
                before = row;
                position = here;
                rows++;
            }
            json.end();
        }
        return rows >= MOST && taken > 0;
    }

    private static void gap(Series one, long expected, long open, RecordSink sink) {
        if (expected == EventEncoder.ABSENT || open <= expected) {
            return;
        }
        sink.event(
                new RecordSink.Target(Channel.GAPS.label(), one.symbol, one.venueSymbol),
                EventEncoder.ABSENT,
                Envelope.newBuilder()
                        .setGap(Gap.newBuilder()
                                .setReason(GapReason.GAP_REASON_SEQUENCE)
                                .setGapChannel(one.channel)
                                .setFromTime(expected)
                                .setToTime(open)
                                .setDetail("the exchange gave no candles in between"))
                        .build());
    }

    private boolean candle(
            RecordSink.Target target, Series one, List<@Nullable String> row, String position, RecordSink sink) {
        numbers.begin();
        try {
            long open = Fields.millis(row.get(0), "open time");
            Bar.Builder bar = Bar.newBuilder()
                    .setTimeframe(one.interval)
                    .setOpenTime(open)
                    .setOpen(numbers.required(row.get(1), "open"))
                    .setHigh(numbers.required(row.get(2), "high"))
                    .setLow(numbers.required(row.get(3), "low"))
                    .setClose(numbers.required(row.get(4), "close"))
                    .setVolume(numbers.required(row.get(5), "volume"))
                    .setQuoteVolume(numbers.required(row.get(7), "quote volume"))
                    .setTradeCount(Fields.whole(row.get(8), "number of trades"))
                    .setComplete(true)
                    .setVendor(vendor);
            bar.setRounded(numbers.rounded());
            sink.event(target, open, Envelope.newBuilder().setBar(bar).build());
            return true;
        } catch (BadFrameException e) {
            sink.bad(e, row.toString(), position);
            return false;
        }
    }
}
