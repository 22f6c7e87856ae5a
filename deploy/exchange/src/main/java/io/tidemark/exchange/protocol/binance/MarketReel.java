package io.tidemark.exchange.protocol.binance;

import io.tidemark.exchange.emission.Frame;
import io.tidemark.exchange.market.Level;
import io.tidemark.exchange.market.Listing;
import io.tidemark.exchange.market.MarketEvent;
import io.tidemark.exchange.market.MarketModel;
import io.tidemark.exchange.market.MarketPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a market model, written as Binance spot writes it (source: Binance spot API
 * documentation, {@code web-socket-streams.md}: Trade, Individual Symbol Book Ticker, Diff. Depth).
 *
 * <p>The book of a depth request is the true one, whose update id may lie inside the next
 * depthUpdate, exactly as at the real exchange.
 */
final class MarketReel implements BinanceReel {
    static final List<String> KINDS = List.of("bookTicker", "depth@100ms", "trade");

    private final MarketModel model;
    private final Map<Listing, Streams> streams = new HashMap<>();

    /** The stream names of one listing, made once. */
    private record Streams(String trade, String bookTicker, String depth) {
        static Streams of(Listing listing) {
            String symbol = listing.symbol().toLowerCase(Locale.ROOT);
            return new Streams(symbol + "@trade", symbol + "@bookTicker", symbol + "@depth@100ms");
        }
    }

    MarketReel(MarketPlan plan) {
        this.model = new MarketModel(plan);
    }

    @Override
    public @Nullable Frame next() {
        MarketEvent event = model.next();
        return event == null ? null : frame(event);
    }

    private Frame frame(MarketEvent event) {
        Streams names = streams.computeIfAbsent(event.listing(), Streams::of);
        StringBuilder json = new StringBuilder(256);
        String stream;
        if (event instanceof MarketEvent.Trade trade) {
            stream = names.trade();
            trade(open(json, stream), trade);
        } else if (event instanceof MarketEvent.Top top) {
            stream = names.bookTicker();
            top(open(json, stream), top);
        } else if (event instanceof MarketEvent.Depth depth) {
            stream = names.depth();
            depth(open(json, stream), depth);
        } else {
            throw new IllegalStateException("unknown event " + event);
        }
        String text = json.append("}}").toString();
        return new Frame(stream, StreamName.kind(stream), text, event.timeMicros() * 1_000);
    }

    private static StringBuilder open(StringBuilder json, String stream) {
        return json.append("{\"stream\":\"").append(stream).append("\",\"data\":{");
    }

    private static void trade(StringBuilder json, MarketEvent.Trade trade) {
        long millis = trade.timeMicros() / 1_000;
        json.append("\"e\":\"trade\",\"E\":").append(millis);
        json.append(",\"s\":\"").append(trade.listing().symbol());
        json.append("\",\"t\":").append(trade.id());
        json.append(",\"p\":\"").append(price(trade.listing(), trade.price()));
        json.append("\",\"q\":\"").append(quantity(trade.listing(), trade.lots()));
        json.append("\",\"T\":").append(millis);
        json.append(",\"m\":").append(trade.buyerIsMaker()).append(",\"M\":true");
    }

    private static void top(StringBuilder json, MarketEvent.Top top) {
        Listing listing = top.listing();
        json.append("\"u\":").append(top.updateId());
        json.append(",\"s\":\"").append(listing.symbol());
        json.append("\",\"b\":\"").append(price(listing, top.bid().price()));
        json.append("\",\"B\":\"").append(quantity(listing, top.bid().lots()));
        json.append("\",\"a\":\"").append(price(listing, top.ask().price()));
        json.append("\",\"A\":\"").append(quantity(listing, top.ask().lots())).append('"');
    }

    private static void depth(StringBuilder json, MarketEvent.Depth depth) {
        Listing listing = depth.listing();
        json.append("\"e\":\"depthUpdate\",\"E\":").append(depth.timeMicros() / 1_000);
        json.append(",\"s\":\"").append(listing.symbol());
        json.append("\",\"U\":").append(depth.firstId()).append(",\"u\":").append(depth.lastId());
        levels(json.append(",\"b\":"), listing, depth.bids());
        levels(json.append(",\"a\":"), listing, depth.asks());
    }

    private static void levels(StringBuilder json, Listing listing, List<Level> levels) {
        json.append('[');
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            json.append(i == 0 ? "[\"" : ",[\"")
                    .append(price(listing, level.price()))
                    .append("\",\"")
                    .append(quantity(listing, level.lots()))
                    .append("\"]");
        }
        json.append(']');
    }

    private static String price(Listing listing, long ticks) {
        return FixedPoint.text(ticks, listing.priceScale());
    }

    private static String quantity(Listing listing, long lots) {
        return FixedPoint.text(lots, listing.lotScale());
    }

    @Override
    public void passed(Frame frame) {
        // The model holds the book itself; it moved on when the frame was made.
    }

    @Override
    public void joined() {
        // The true book fits whoever begins here.
    }

    @Override
    public DepthAnswer depth(String symbol, int limit) {
        if (!model.lists(symbol)) {
            return new DepthAnswer.UnknownSymbol();
        }
        Listing listing = model.listing(symbol);
        StringBuilder json = new StringBuilder(1 << 15);
        json.append("{\"lastUpdateId\":").append(model.updateId(symbol)).append(",\"bids\":");
        levels(json, listing, model.levels(symbol, true, limit));
        levels(json.append(",\"asks\":"), listing, model.levels(symbol, false, limit));
        return new DepthAnswer.Book(json.append('}').toString(), false);
    }

    @Override
    public void close() {
        // Holds nothing but memory.
    }
}
