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
import io.tidemark.exchange.protocol.subscribed.Requests;
import io.tidemark.exchange.protocol.subscribed.StandingBook;
import io.tidemark.exchange.recording.MalformedException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Coinbase Advanced Trade's market data feed (source: docs.cdp.coinbase.com, "Advanced Trade
 * WebSocket", "Channels", "Sequence numbers", "Rate limits"): {@code level2} (whose frames say {@code
 * l2_data}), {@code market_trades}, {@code ticker}, {@code candles}, {@code heartbeats}, {@code
 * subscriptions}. A frame of several products belongs to its channel as a whole.
 */
public final class CoinbaseAdvanced implements Dialect {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> LISTS = Set.of("trades", "tickers", "candles", "products");

    @Override
    public String name() {
        return "coinbase-advanced";
    }

    @Override
    public boolean speaksAt(String path) {
        return path.equals("/");
    }

    @Override
    public int requestsPerSecond() {
        return 8;
    }

    @Override
    public Duration subscribeWithin() {
        return Duration.ofSeconds(5);
    }

    @Override
    public Conversation conversation(Set<String> symbols, boolean acknowledges, InstantSource clock) {
        return new AdvancedConversation(symbols);
    }

    /** What an object or list in a frame said. */
    private static final class Found {
        final Set<String> products = new TreeSet<>();
        final List<BookChange> books = new ArrayList<>();
    }

    @Override
    public Decoded decode(String text) throws MalformedException {
        @Nullable String channel = null;
        @Nullable String type = null;
        boolean sequence = false;
        Found found = new Found();
        boolean events = false;
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedException("expected a JSON object, found " + Requests.begin(text));
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                switch (name) {
                    case "channel" -> channel = parser.getText();
                    case "type" -> type = parser.getText();
                    case "sequence_num" -> sequence = token == JsonToken.VALUE_NUMBER_INT;
                    case "events" -> {
                        events = token == JsonToken.START_ARRAY;
                        while (events && parser.nextToken() == JsonToken.START_OBJECT) {
                            event(parser, found);
                        }
                    }
                    default -> parser.skipChildren();
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
        if (channel == null) {
            if (type == null) {
                throw new MalformedException("there is neither a \"channel\" nor a \"type\"");
            }
            return Decoded.control(type);
        }
        if (!events || !sequence) {
            throw new MalformedException("the frame of channel \"" + channel + "\" has no events or sequence_num");
        }
        return switch (channel) {
            case "subscriptions" -> Decoded.control(channel);
            case "heartbeats" -> new Decoded(Decoded.stream(channel, ""), channel, Set.of(), List.of());
            default -> {
                String product =
                        found.products.size() == 1 ? found.products.iterator().next() : "";
                String subscribed = channel.equals("l2_data") ? "level2" : channel;
                yield new Decoded(
                        Decoded.stream(subscribed, product), channel, Set.copyOf(found.products), found.books);
            }
        };
    }

    private static void event(JsonParser parser, Found found) throws IOException, MalformedException {
        @Nullable String product = null;
        @Nullable String type = null;
        @Nullable BookParser book = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("updates") && token == JsonToken.START_ARRAY) {
                book = new BookParser();
                book.updates(parser);
            } else if (LISTS.contains(name) && token == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    item(parser, found);
                }
            } else if (name.equals("product_id")) {
                product = parser.getText();
                found.products.add(product);
            } else if (name.equals("type")) {
                type = parser.getText();
            } else {
                parser.skipChildren();
            }
        }
        if (book != null) {
            if (product == null || type == null) {
                throw new MalformedException("the updates of a book have no product_id or type");
            }
            found.books.add(new BookChange(
                    Decoded.stream("level2", product),
                    product,
                    type.equals("snapshot"),
                    0,
                    book.bids,
                    book.asks,
                    Map.of()));
        }
    }

    private static void item(JsonParser parser, Found found) throws IOException, MalformedException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("product_id") && token == JsonToken.VALUE_STRING) {
                found.products.add(parser.getText());
            } else if ((name.equals("price") || name.equals("size")) && token == JsonToken.VALUE_STRING) {
                BookLevel.number(parser.getText());
            } else {
                parser.skipChildren();
            }
        }
    }

    /** Its sequence_num is put in when it is sent. */
    @Override
    public String snapshot(StandingBook book) {
        StringBuilder json = new StringBuilder(1 << 16);
        json.append("{\"channel\":\"l2_data\",\"timestamp\":\"").append(latest(book));
        json.append("\",\"sequence_num\":0,\"events\":[{\"type\":\"snapshot\",\"product_id\":\"");
        json.append(book.symbol()).append("\",\"updates\":[");
        updates(json, "bid", book.bids());
        if (!book.bids().isEmpty() && !book.asks().isEmpty()) {
            json.append(',');
        }
        updates(json, "offer", book.asks());
        return json.append("]}]}").toString();
    }

    /** The book is as old as its youngest level at least. */
    private static String latest(StandingBook book) {
        String latest = "1970-01-01T00:00:00Z";
        for (Collection<BookLevel> side : List.of(book.bids(), book.asks())) {
            for (BookLevel level : side) {
                latest = level.rest().compareTo(latest) > 0 ? level.rest() : latest;
            }
        }
        return latest;
    }

    private static void updates(StringBuilder json, String side, Collection<BookLevel> levels) {
        String separator = "";
        for (BookLevel level : levels) {
            json.append(separator).append("{\"side\":\"").append(side);
            json.append("\",\"event_time\":\"").append(level.rest());
            json.append("\",\"price_level\":\"").append(level.price());
            json.append("\",\"new_quantity\":\"").append(level.size()).append("\"}");
            separator = ",";
        }
    }
}
