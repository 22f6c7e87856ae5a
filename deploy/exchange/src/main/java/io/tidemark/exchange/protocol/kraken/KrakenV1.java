package io.tidemark.exchange.protocol.kraken;

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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Kraken's WebSocket API v1 (source: docs.kraken.com, "Websockets API v1", "Spot Websockets (v1) Book
 * Checksum"): objects for events, arrays {@code [channelID, payload..., "channel", "PAIR"]} for data;
 * a book change of both sides has two payloads.
 *
 * <p>A recording holds one depth of a book ({@code book-1000}); whoever asks for another one gets it as
 * it was recorded.
 */
public final class KrakenV1 implements Dialect {
    private static final int FEWEST_ELEMENTS = 4;

    @Override
    public String name() {
        return "kraken-v1";
    }

    @Override
    public boolean speaksAt(String path) {
        return path.equals("/");
    }

    @Override
    public int requestsPerSecond() {
        return 100;
    }

    @Override
    public Conversation conversation(Set<String> symbols, boolean acknowledges, InstantSource clock) {
        return new KrakenV1Conversation(symbols);
    }

    /** The channel's name without depth or interval. */
    static String base(String channel) {
        int dash = channel.indexOf('-');
        return dash < 0 ? channel : channel.substring(0, dash);
    }

    @Override
    public Decoded decode(String text) throws MalformedException {
        JsonNode frame = Requests.frame(text);
        if (frame.isObject()) {
            return Decoded.control(Requests.text(frame, "event"));
        }
        int size = frame.size();
        if (size < FEWEST_ELEMENTS
                || !frame.path(size - 1).isTextual()
                || !frame.path(size - 2).isTextual()) {
            throw new MalformedException("expected [channelID, payload..., channel, pair]");
        }
        String channel = frame.path(size - 2).asText();
        String pair = frame.path(size - 1).asText();
        String base = base(channel);
        return switch (base) {
            case "book" -> book(frame, channel, pair);
            case "trade" -> {
                for (JsonNode trade : frame.path(1)) {
                    level(trade);
                }
                yield Decoded.data(base, base, pair);
            }
            default -> Decoded.data(base, base, pair);
        };
    }

    private static Decoded book(JsonNode frame, String channel, String pair) throws MalformedException {
        List<BookLevel> bids = new ArrayList<>();
        List<BookLevel> asks = new ArrayList<>();
        Map<String, String> notes = new HashMap<>();
        notes.put("id", frame.path(0).asText());
        notes.put("channel", channel);
        boolean snapshot = false;
        for (int i = 1; i < frame.size() - 2; i++) {
            JsonNode payload = frame.path(i);
            if (!payload.isObject()) {
                throw new MalformedException("the payload of a book is no object");
            }
            snapshot |= payload.has("as") || payload.has("bs");
            levels(bids, payload.path("bs"));
            levels(bids, payload.path("b"));
            levels(asks, payload.path("as"));
            levels(asks, payload.path("a"));
            if (payload.path("c").isTextual()) {
                notes.put(Checksum.NOTE, payload.path("c").asText());
            }
        }
        if (!snapshot && !notes.containsKey(Checksum.NOTE)) {
            throw new MalformedException("a book change without checksum");
        }
        int depth;
        try {
            depth = channel.contains("-") ? Integer.parseInt(channel.substring(channel.indexOf('-') + 1)) : 10;
        } catch (NumberFormatException e) {
            throw new MalformedException("\"" + channel + "\" names no depth");
        }
        String stream = Decoded.stream("book", pair);
        BookChange change = new BookChange(stream, pair, snapshot, depth, bids, asks, notes);
        return new Decoded(stream, snapshot ? "book-snapshot" : "book", Set.of(pair), List.of(change));
    }

    private static void levels(List<BookLevel> side, JsonNode levels) throws MalformedException {
        for (JsonNode level : levels) {
            side.add(level(level));
        }
    }

    private static BookLevel level(JsonNode level) throws MalformedException {
        if (level.size() < 3) {
            throw new MalformedException("expected [price, volume, time, ...], found " + level);
        }
        String time = level.path(2).asText();
        BookLevel.number(time);
        return BookLevel.of(level.path(0).asText(), level.path(1).asText(), time);
    }

    @Override
    public @Nullable Boolean checks(StandingBook book, BookChange change) {
        String checksum = change.notes().get(Checksum.NOTE);
        return checksum == null ? null : checksum.equals(Long.toString(Checksum.kraken(book.bids(), book.asks())));
    }

    @Override
    public String snapshot(StandingBook book) {
        StringBuilder json = new StringBuilder(1 << 14);
        json.append('[').append(book.note("id", "0")).append(",{\"as\":[");
        levels(json, book.asks());
        levels(json.append("],\"bs\":["), book.bids());
        json.append("]},\"").append(book.note("channel", "book-10")).append("\",\"");
        return json.append(book.symbol()).append("\"]").toString();
    }

    private static void levels(StringBuilder json, Collection<BookLevel> levels) {
        String separator = "";
        for (BookLevel level : levels) {
            json.append(separator)
                    .append("[\"")
                    .append(level.price())
                    .append("\",\"")
                    .append(level.size());
            json.append("\",\"").append(level.rest()).append("\"]");
            separator = ",";
        }
    }
}
