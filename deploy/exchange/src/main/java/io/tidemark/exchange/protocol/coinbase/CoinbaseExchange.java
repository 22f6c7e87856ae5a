package io.tidemark.exchange.protocol.coinbase;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.exchange.protocol.subscribed.BookChange;
import io.tidemark.exchange.protocol.subscribed.BookLevel;
import io.tidemark.exchange.protocol.subscribed.Conversation;
import io.tidemark.exchange.protocol.subscribed.Decoded;
import io.tidemark.exchange.protocol.subscribed.Dialect;
import io.tidemark.exchange.protocol.subscribed.MarketScript;
import io.tidemark.exchange.protocol.subscribed.Requests;
import io.tidemark.exchange.protocol.subscribed.StandingBook;
import io.tidemark.exchange.recording.MalformedException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Coinbase Exchange's feed (source: docs.cdp.coinbase.com, "Exchange WebSocket Overview", "Channels",
 * "Rate Limits"): {@code subscriptions}, {@code snapshot}, {@code l2update}, {@code match}, {@code
 * last_match}, {@code ticker}, {@code heartbeat}. Kinds not named there are checked for their product
 * only.
 */
public final class CoinbaseExchange implements Dialect {
    private static final JsonFactory JSON = new JsonFactory();

    @Override
    public String name() {
        return "coinbase";
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
    public Duration subscribeWithin() {
        return Duration.ofSeconds(5);
    }

    @Override
    public Conversation conversation(Set<String> symbols, boolean acknowledges, InstantSource clock) {
        return new CoinbaseConversation(symbols, acknowledges);
    }

    @Override
    public MarketScript marketScript() {
        return new CoinbaseMarket();
    }

    /** The channel under which frames of a type are subscribed to. */
    static String channel(String type) {
        return switch (type) {
            case "snapshot", "l2update", "level2", "level2_batch", "level2_50" -> "level2";
            case "match", "last_match", "matches" -> "matches";
            case "ticker", "ticker_batch" -> "ticker";
            default -> type;
        };
    }

    @Override
    public Decoded decode(String text) throws MalformedException {
        Map<String, String> fields = new HashMap<>();
        BookParser changes = new BookParser();
        @Nullable List<BookLevel> bids = null;
        @Nullable List<BookLevel> asks = null;
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedException("expected a JSON object, found " + Requests.begin(text));
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (token == JsonToken.START_ARRAY && name.equals("bids")) {
                    bids = BookParser.pairs(parser);
                } else if (token == JsonToken.START_ARRAY && name.equals("asks")) {
                    asks = BookParser.pairs(parser);
                } else if (token == JsonToken.START_ARRAY && name.equals("changes")) {
                    changes.changes(parser);
                } else if (token.isScalarValue()) {
                    fields.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw new MalformedException("something follows the JSON object");
            }
        } catch (JsonProcessingException e) {
            throw new MalformedException("broken JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail to be read", e);
        }
        String type = required(fields, "type");
        return switch (type) {
            case "subscriptions", "error" -> Decoded.control(type);
            case "snapshot" -> {
                if (bids == null || asks == null) {
                    throw new MalformedException("the snapshot has no bids or asks");
                }
                yield book(type, required(fields, "product_id"), true, bids, asks);
            }
            case "l2update" -> {
                required(fields, "time");
                yield book(type, required(fields, "product_id"), false, changes.bids, changes.asks);
            }
            default -> other(type, fields);
        };
    }

    private static Decoded other(String type, Map<String, String> fields) throws MalformedException {
        String product = fields.get("product_id");
        if (product == null) {
            return Decoded.control(type);
        }
        switch (type) {
            case "match", "last_match" -> {
                for (String name : List.of("trade_id", "price", "size")) {
                    BookLevel.number(required(fields, name));
                }
                required(fields, "side");
                required(fields, "time");
            }
            case "ticker" -> BookLevel.number(required(fields, "price"));
            default -> {
                // Passed through as it is.
            }
        }
        return Decoded.data(channel(type), type, product);
    }

    private static Decoded book(
            String type, String product, boolean snapshot, List<BookLevel> bids, List<BookLevel> asks) {
        String stream = Decoded.stream("level2", product);
        BookChange change = new BookChange(stream, product, snapshot, 0, bids, asks, Map.of());
        return new Decoded(stream, type, Set.of(product), List.of(change));
    }

    private static String required(Map<String, String> fields, String name) throws MalformedException {
        String value = fields.get(name);
        if (value == null) {
            throw new MalformedException("the field \"" + name + "\" is missing");
        }
        return value;
    }

    @Override
    public String snapshot(StandingBook book) {
        StringBuilder json = new StringBuilder(1 << 16);
        json.append("{\"type\":\"snapshot\",\"product_id\":\"")
                .append(book.symbol())
                .append("\",\"asks\":[");
        levels(json, book.asks());
        levels(json.append("],\"bids\":["), book.bids());
        return json.append("]}").toString();
    }

    private static void levels(StringBuilder json, Collection<BookLevel> levels) {
        String separator = "";
        for (BookLevel level : levels) {
            json.append(separator).append("[\"").append(level.price()).append("\",\"");
            json.append(level.size()).append("\"]");
            separator = ",";
        }
    }
}
