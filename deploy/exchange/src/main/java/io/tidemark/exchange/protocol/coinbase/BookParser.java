package io.tidemark.exchange.protocol.coinbase;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidemark.exchange.protocol.subscribed.BookLevel;
import io.tidemark.exchange.recording.MalformedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Levels of Coinbase's books, read without a tree: a snapshot may have 5 MB. */
final class BookParser {
    final List<BookLevel> bids = new ArrayList<>();
    final List<BookLevel> asks = new ArrayList<>();

    /** A list of {@code ["price","size"]}, whose opening bracket is the current token. */
    static List<BookLevel> pairs(JsonParser parser) throws IOException, MalformedException {
        List<BookLevel> levels = new ArrayList<>();
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            List<String> texts = texts(parser);
            if (texts.size() < 2) {
                throw new MalformedException("a level is not [price, size]");
            }
            levels.add(BookLevel.of(texts.get(0), texts.get(1), ""));
        }
        return end(parser, levels);
    }

    /** A list of {@code ["buy|sell","price","size"]}. */
    void changes(JsonParser parser) throws IOException, MalformedException {
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            List<String> texts = texts(parser);
            if (texts.size() < 3) {
                throw new MalformedException("a change is not [side, price, size]");
            }
            side(texts.get(0)).add(BookLevel.of(texts.get(1), texts.get(2), ""));
        }
        end(parser, bids);
    }

    /** A list of objects with side, event_time, price_level and new_quantity. */
    void updates(JsonParser parser) throws IOException, MalformedException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String side = "";
            String time = "";
            @Nullable String price = null;
            @Nullable String quantity = null;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "side" -> side = parser.getText().intern();
                    case "event_time" -> time = parser.getText();
                    case "price_level" -> price = parser.getText();
                    case "new_quantity" -> quantity = parser.getText();
                    default -> parser.skipChildren();
                }
            }
            if (price == null || quantity == null) {
                throw new MalformedException("an update has no price_level or new_quantity");
            }
            side(side).add(BookLevel.of(price, quantity, time));
        }
        end(parser, bids);
    }

    private List<BookLevel> side(String name) throws MalformedException {
        return switch (name) {
            case "buy", "bid" -> bids;
            case "sell", "offer", "ask" -> asks;
            default -> throw new MalformedException("\"" + name + "\" is not a side of a book");
        };
    }

    private static List<String> texts(JsonParser parser) throws IOException {
        List<String> texts = new ArrayList<>(3);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken().isStructStart()) {
                parser.skipChildren();
            } else {
                texts.add(parser.getText());
            }
        }
        return texts;
    }

    private static List<BookLevel> end(JsonParser parser, List<BookLevel> levels) throws MalformedException {
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw new MalformedException("a list of levels holds something else");
        }
        return levels;
    }
}
