package io.tidemark.exchange.protocol.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.exchange.protocol.subscribed.BookChange;
import io.tidemark.exchange.protocol.subscribed.BookLevel;
import io.tidemark.exchange.protocol.subscribed.Checksum;
import io.tidemark.exchange.protocol.subscribed.Conversation;
import io.tidemark.exchange.protocol.subscribed.Decoded;
import io.tidemark.exchange.protocol.subscribed.Dialect;
import io.tidemark.exchange.protocol.subscribed.MarketScript;
import io.tidemark.exchange.protocol.subscribed.Requests;
import io.tidemark.exchange.protocol.subscribed.StandingBook;
import io.tidemark.exchange.recording.MalformedException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Kraken's WebSocket API v2 (source: docs.kraken.com, "Spot WebSocket v2": Book, Trade, Ticker, Candles,
 * Status, Heartbeat, Ping, and "Spot Websockets (v2) Book Checksum"): {@code
 * {"channel","type","data":[...]}} with bare numbers that keep the precision of the instrument.
 */
public final class KrakenV2 implements Dialect {
    @Override
    public String name() {
        return "kraken";
    }

    @Override
    public boolean speaksAt(String path) {
        return path.equals("/v2");
    }

    @Override
    public int requestsPerSecond() {
        return 100;
    }

    @Override
    public Conversation conversation(Set<String> symbols, boolean acknowledges, InstantSource clock) {
        return new KrakenV2Conversation(symbols, acknowledges, clock);
    }

    @Override
    public MarketScript marketScript() {
        return new KrakenMarket();
    }

    @Override
    public Decoded decode(String text) throws MalformedException {
        JsonNode frame = Requests.frame(text);
        if (frame.has("method")) {
            return Decoded.control(Requests.text(frame, "method"));
        }
        String channel = Requests.text(frame, "channel");
        if (channel.equals("heartbeat") || channel.equals("status") || channel.equals("pong")) {
            return Decoded.control(channel);
        }
        boolean snapshot = Requests.text(frame, "type").equals("snapshot");
        Set<String> symbols = new TreeSet<>();
        List<BookChange> books = new ArrayList<>();
        for (JsonNode entry : Requests.list(frame, "data")) {
            String symbol = Requests.text(entry, "symbol");
            symbols.add(symbol);
            switch (channel) {
                case "book" -> books.add(book(symbol, snapshot, entry));
                case "trade" -> {
                    Requests.spelled(entry.path("price"));
                    Requests.spelled(entry.path("qty"));
                    Requests.whole(entry, "trade_id");
                    Requests.text(entry, "side");
                    Requests.text(entry, "timestamp");
                }
                case "ticker" -> {
                    for (String name : List.of("bid", "bid_qty", "ask", "ask_qty", "last")) {
                        Requests.spelled(entry.path(name));
                    }
                }
                default -> {
                    // Passed through as it is.
                }
            }
        }
        String stream =
                Decoded.stream(channel, symbols.size() == 1 ? symbols.iterator().next() : "");
        return new Decoded(stream, channel.equals("book") && snapshot ? "book-snapshot" : channel, symbols, books);
    }

    private static BookChange book(String symbol, boolean snapshot, JsonNode entry) throws MalformedException {
        Map<String, String> notes = new HashMap<>();
        if (entry.path("checksum").isIntegralNumber()) {
            notes.put(Checksum.NOTE, entry.path("checksum").asText());
        }
        if (entry.path("timestamp").isTextual()) {
            notes.put("timestamp", entry.path("timestamp").asText());
        }
        return new BookChange(
                Decoded.stream("book", symbol),
                symbol,
                snapshot,
                0,
                levels(entry.path("bids")),
                levels(entry.path("asks")),
                notes);
    }

    private static List<BookLevel> levels(JsonNode list) throws MalformedException {
        List<BookLevel> levels = new ArrayList<>();
        for (JsonNode level : list) {
            levels.add(new BookLevel(Requests.spelled(level.path("price")), Requests.spelled(level.path("qty")), ""));
        }
        return levels;
    }

    @Override
    public @Nullable Boolean checks(StandingBook book, BookChange change) {
        String checksum = change.notes().get(Checksum.NOTE);
        return checksum == null ? null : checksum.equals(Long.toString(Checksum.kraken(book.bids(), book.asks())));
    }

    @Override
    public String snapshot(StandingBook book) {
        return frame(
                true,
                book.symbol(),
                book.bids(),
                book.asks(),
                Checksum.kraken(book.bids(), book.asks()),
                book.note("timestamp", ""));
    }

    /** A frame of the book channel. */
    static String frame(
            boolean snapshot,
            String symbol,
            Collection<BookLevel> bids,
            Collection<BookLevel> asks,
            long checksum,
            String timestamp) {
        StringBuilder json = new StringBuilder(snapshot ? 1 << 14 : 512);
        json.append("{\"channel\":\"book\",\"type\":\"").append(snapshot ? "snapshot" : "update");
        json.append("\",\"data\":[{\"symbol\":\"").append(symbol).append("\",\"bids\":[");
        levels(json, bids);
        levels(json.append("],\"asks\":["), asks);
        json.append("],\"checksum\":").append(checksum);
        if (!timestamp.isEmpty()) {
            json.append(",\"timestamp\":\"").append(timestamp).append('"');
        }
        return json.append("}]}").toString();
    }

    private static void levels(StringBuilder json, Collection<BookLevel> levels) {
        String separator = "";
        for (BookLevel level : levels) {
            json.append(separator).append("{\"price\":").append(level.price());
            json.append(",\"qty\":").append(level.size()).append('}');
            separator = ",";
        }
    }
}
