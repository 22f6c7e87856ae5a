package io.tidemark.exchange.protocol.okx;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.exchange.protocol.subscribed.BookChange;
import io.tidemark.exchange.protocol.subscribed.BookLevel;
import io.tidemark.exchange.protocol.subscribed.Checksum;
import io.tidemark.exchange.protocol.subscribed.Conversation;
import io.tidemark.exchange.protocol.subscribed.Decoded;
import io.tidemark.exchange.protocol.subscribed.Dialect;
import io.tidemark.exchange.protocol.subscribed.Requests;
import io.tidemark.exchange.protocol.subscribed.StandingBook;
import io.tidemark.exchange.recording.MalformedException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * OKX v5's public channels (source: okx.com/docs-v5, "WebSocket", "Order book channel", "Trades
 * channel", "Tickers channel"): {@code {"arg":{"channel","instId"},"action","data":[...]}}. Books are
 * proved by a signed CRC32; prices of a ticker may be empty.
 */
public final class Okx implements Dialect {
    private static final int BOOK_DEPTH = 400;

    @Override
    public String name() {
        return "okx";
    }

    @Override
    public boolean speaksAt(String path) {
        return path.equals("/ws/v5/public") || path.equals("/ws/v5/business");
    }

    @Override
    public int requestsPerSecond() {
        return 100;
    }

    @Override
    public Duration subscribeWithin() {
        return Duration.ofSeconds(30);
    }

    @Override
    public Conversation conversation(Set<String> symbols, boolean acknowledges, InstantSource clock) {
        return new OkxConversation(symbols, acknowledges);
    }

    @Override
    public Decoded decode(String text) throws MalformedException {
        if (text.equals("pong")) {
            return Decoded.control(text);
        }
        JsonNode frame = Requests.frame(text);
        if (frame.has("event")) {
            return Decoded.control(Requests.text(frame, "event"));
        }
        JsonNode arg = frame.path("arg");
        String channel = Requests.text(arg, "channel");
        String instrument = Requests.text(arg, "instId");
        JsonNode data = Requests.list(frame, "data");
        switch (channel) {
            case "books", "books-l2-tbt", "books50-l2-tbt" -> {
                return book(channel, instrument, Requests.text(frame, "action"), data);
            }
            case "trades", "trades-all" -> {
                for (JsonNode trade : data) {
                    Requests.text(trade, "tradeId");
                    Requests.decimal(trade, "px");
                    Requests.decimal(trade, "sz");
                    Requests.text(trade, "side");
                    Requests.decimal(trade, "ts");
                }
            }
            case "tickers" -> {
                for (JsonNode ticker : data) {
                    for (String name : List.of("last", "bidPx", "bidSz", "askPx", "askSz")) {
                        Requests.decimalOrEmpty(ticker, name);
                    }
                }
            }
            default -> {
                // Passed through as it is.
            }
        }
        return Decoded.data(channel, channel, instrument);
    }

    private static Decoded book(String channel, String instrument, String action, JsonNode data)
            throws MalformedException {
        List<BookChange> changes = new ArrayList<>();
        String stream = Decoded.stream(channel, instrument);
        for (JsonNode entry : data) {
            Map<String, String> notes = new HashMap<>();
            notes.put("ts", Requests.decimal(entry, "ts"));
            if (entry.path("checksum").isIntegralNumber()) {
                notes.put(Checksum.NOTE, entry.path("checksum").asText());
            }
            if (entry.path("seqId").isIntegralNumber()) {
                notes.put("seqId", entry.path("seqId").asText());
            }
            changes.add(new BookChange(
                    stream,
                    instrument,
                    action.equals("snapshot"),
                    channel.equals("books50-l2-tbt") ? 50 : BOOK_DEPTH,
                    levels(Requests.list(entry, "bids")),
                    levels(Requests.list(entry, "asks")),
                    notes));
        }
        return new Decoded(stream, channel, Set.of(instrument), changes);
    }

    private static List<BookLevel> levels(JsonNode list) throws MalformedException {
        List<BookLevel> levels = new ArrayList<>();
        for (JsonNode level : list) {
            if (level.size() < 4) {
                throw new MalformedException("expected [price, size, \"0\", orders], found " + level);
            }
            levels.add(BookLevel.of(
                    level.path(0).asText(),
                    level.path(1).asText(),
                    "\"" + level.path(2).asText() + "\",\"" + level.path(3).asText() + "\""));
        }
        return levels;
    }

    @Override
    public @Nullable Boolean checks(StandingBook book, BookChange change) {
        String checksum = change.notes().get(Checksum.NOTE);
        return checksum == null ? null : checksum.equals(Integer.toString(Checksum.okx(book.bids(), book.asks())));
    }

    @Override
    public String snapshot(StandingBook book) {
        String channel = book.stream().substring(0, book.stream().indexOf('|'));
        StringBuilder json = new StringBuilder(1 << 14);
        json.append("{\"arg\":{\"channel\":\"").append(channel).append("\",\"instId\":\"");
        json.append(book.symbol()).append("\"},\"action\":\"snapshot\",\"data\":[{\"asks\":[");
        levels(json, book.asks());
        levels(json.append("],\"bids\":["), book.bids());
        json.append("],\"ts\":\"").append(book.note("ts", "0")).append("\",\"checksum\":");
        json.append(Checksum.okx(book.bids(), book.asks()));
        String sequence = book.note("seqId", "");
        if (!sequence.isEmpty()) {
            json.append(",\"seqId\":").append(sequence).append(",\"prevSeqId\":-1");
        }
        return json.append("}]}").toString();
    }

    private static void levels(StringBuilder json, Collection<BookLevel> levels) {
        String separator = "";
        for (BookLevel level : levels) {
            json.append(separator)
                    .append("[\"")
                    .append(level.price())
                    .append("\",\"")
                    .append(level.size());
            json.append("\",").append(level.rest()).append(']');
            separator = ",";
        }
    }
}
