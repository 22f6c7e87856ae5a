package io.tidemark.exchange.protocol.kraken;

import io.tidemark.exchange.market.Level;
import io.tidemark.exchange.market.Listing;
import io.tidemark.exchange.market.MarketEvent;
import io.tidemark.exchange.market.MarketModel;
import io.tidemark.exchange.protocol.subscribed.BookLevel;
import io.tidemark.exchange.protocol.subscribed.Checksum;
import io.tidemark.exchange.protocol.subscribed.MarketScript.Writer;
import io.tidemark.exchange.protocol.subscribed.MarketScript.Written;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One pass over a market, written in Kraken's v2: status, heartbeat, book, trade, ticker, ohlc. */
final class KrakenPen implements Writer {
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final long SECOND = 1_000_000;
    private static final long MINUTE = 60 * SECOND;
    private static final int QUANTITY_DECIMALS = 8;

    private final MarketModel model;
    private final List<String> symbols;
    private final long startMicros;
    private final Map<String, Tally> days = new HashMap<>();
    private final Map<String, Tally> minutes = new HashMap<>();
    private final Map<String, View> views = new HashMap<>();
    private long nextBeat;

    KrakenPen(MarketModel model, List<String> symbols, long startMicros) {
        this.model = model;
        this.symbols = symbols;
        this.startMicros = startMicros;
        this.nextBeat = startMicros + SECOND;
    }

    /** The best levels of one depth as its subscribers have them. */
    private record View(Map<Long, Long> bids, Map<Long, Long> asks) {}

    /** Open, high, low, close, volume and their average price over some time. */
    private static final class Tally {
        final long begin;
        final long open;
        long high;
        long low;
        long close;
        long trades;
        BigDecimal volume = BigDecimal.ZERO;
        BigDecimal turnover = BigDecimal.ZERO;

        Tally(long begin, long price) {
            this.begin = begin;
            this.open = price;
            this.high = price;
            this.low = price;
            this.close = price;
        }

        void add(MarketEvent.Trade trade) {
            high = Math.max(high, trade.price());
            low = Math.min(low, trade.price());
            close = trade.price();
            trades++;
            BigDecimal quantity =
                    BigDecimal.valueOf(trade.lots(), trade.listing().lotScale());
            volume = volume.add(quantity);
            turnover = turnover.add(quantity.multiply(
                    BigDecimal.valueOf(trade.price(), trade.listing().priceScale())));
        }

        String volume() {
            return volume.setScale(QUANTITY_DECIMALS).toPlainString();
        }

        String vwap(Listing listing) {
            return volume.signum() == 0
                    ? listing.price(close)
                    : turnover.divide(volume, listing.priceScale(), RoundingMode.HALF_EVEN)
                            .toPlainString();
        }
    }

    @Override
    public List<Written> opening() {
        List<Written> opening = new ArrayList<>();
        opening.add(Written.of("{\"channel\":\"status\",\"type\":\"update\",\"data\":[{\"version\":\"2.0.10\","
                + "\"system\":\"online\",\"api_version\":\"v2\",\"connection_id\":13834774380200032777}]}"));
        for (String symbol : symbols) {
            Listing listing = model.listing(symbol);
            for (int depth : KrakenMarket.DEPTHS) {
                View view = view(symbol, depth);
                views.put(KrakenMarket.bookStream(symbol, depth), view);
                opening.add(book(true, listing, depth, view, view, startMicros));
            }
            Tally day = new Tally(startMicros, listing.anchorTicks());
            days.put(symbol, day);
            opening.add(Written.of(ticker("snapshot", listing, day)));
        }
        return opening;
    }

    private View view(String symbol, int depth) {
        return new View(top(symbol, true, depth), top(symbol, false, depth));
    }

    private Map<Long, Long> top(String symbol, boolean bid, int depth) {
        Map<Long, Long> top = new LinkedHashMap<>();
        for (Level level : model.levels(symbol, bid, depth)) {
            top.put(level.price(), level.lots());
        }
        return top;
    }

    @Override
    public List<Written> write(MarketEvent event) {
        List<Written> texts = new ArrayList<>();
        while (event.timeMicros() >= nextBeat) {
            texts.add(Written.of("{\"channel\":\"heartbeat\"}"));
            nextBeat += SECOND;
        }
        Listing listing = event.listing();
        Tally day = days.computeIfAbsent(listing.symbol(), s -> new Tally(startMicros, listing.anchorTicks()));
        if (event instanceof MarketEvent.Trade trade) {
            day.add(trade);
            texts.add(Written.of(trade(trade)));
            texts.add(Written.of(candle(trade)));
        } else if (event instanceof MarketEvent.Top) {
            texts.add(Written.of(ticker("update", listing, day)));
        } else if (event instanceof MarketEvent.Depth depth) {
            books(depth, texts);
        }
        return texts;
    }

    private void books(MarketEvent.Depth event, List<Written> texts) {
        Listing listing = event.listing();
        for (int depth : KrakenMarket.DEPTHS) {
            String stream = KrakenMarket.bookStream(listing.symbol(), depth);
            View now = view(listing.symbol(), depth);
            View before = views.put(stream, now);
            if (before == null || before.equals(now)) {
                continue;
            }
            View changes = new View(
                    changes(listing.symbol(), true, before.bids(), now.bids()),
                    changes(listing.symbol(), false, before.asks(), now.asks()));
            texts.add(book(false, listing, depth, changes, now, event.timeMicros()));
        }
    }

    /** What changed within the depth; a level that only fell out of it is cut off by the client itself. */
    private Map<Long, Long> changes(String symbol, boolean bid, Map<Long, Long> before, Map<Long, Long> now) {
        Map<Long, Long> changes = new LinkedHashMap<>();
        for (Map.Entry<Long, Long> level : before.entrySet()) {
            if (!now.containsKey(level.getKey()) && model.lots(symbol, bid, level.getKey()) == 0) {
                changes.put(level.getKey(), 0L);
            }
        }
        for (Map.Entry<Long, Long> level : now.entrySet()) {
            if (!level.getValue().equals(before.get(level.getKey()))) {
                changes.put(level.getKey(), level.getValue());
            }
        }
        return changes;
    }

    private static Written book(
            boolean snapshot, Listing listing, int depth, View levels, View standing, long timeMicros) {
        long checksum = Checksum.kraken(spelled(listing, standing.bids()), spelled(listing, standing.asks()));
        String text = KrakenV2.frame(
                snapshot,
                listing.symbol(),
                spelled(listing, levels.bids()),
                spelled(listing, levels.asks()),
                checksum,
                time(timeMicros));
        return new Written(text, KrakenMarket.bookStream(listing.symbol(), depth), depth);
    }

    private static List<BookLevel> spelled(Listing listing, Map<Long, Long> side) {
        List<BookLevel> levels = new ArrayList<>(side.size());
        side.forEach((price, lots) ->
                levels.add(new BookLevel(listing.price(price), listing.quantity(lots, QUANTITY_DECIMALS), "")));
        return levels;
    }

    private static String trade(MarketEvent.Trade trade) {
        Listing listing = trade.listing();
        return "{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{\"symbol\":\"" + listing.symbol()
                + "\",\"side\":\"" + (trade.buyerIsMaker() ? "sell" : "buy") + "\",\"price\":"
                + listing.price(trade.price()) + ",\"qty\":" + listing.quantity(trade.lots(), QUANTITY_DECIMALS)
                + ",\"ord_type\":\"market\",\"trade_id\":" + trade.id() + ",\"timestamp\":\""
                + time(trade.timeMicros()) + "\"}]}";
    }

    private String candle(MarketEvent.Trade trade) {
        Listing listing = trade.listing();
        long begin = trade.timeMicros() - trade.timeMicros() % MINUTE;
        Tally minute = minutes.get(listing.symbol());
        if (minute == null || minute.begin != begin) {
            minute = new Tally(begin, trade.price());
            minutes.put(listing.symbol(), minute);
        }
        minute.add(trade);
        String now = time(trade.timeMicros());
        return "{\"channel\":\"ohlc\",\"type\":\"update\",\"timestamp\":\"" + now + "\",\"data\":[{\"symbol\":\""
                + listing.symbol() + "\",\"open\":" + listing.price(minute.open) + ",\"high\":"
                + listing.price(minute.high) + ",\"low\":" + listing.price(minute.low) + ",\"close\":"
                + listing.price(minute.close) + ",\"trades\":" + minute.trades + ",\"volume\":" + minute.volume()
                + ",\"vwap\":" + minute.vwap(listing) + ",\"interval_begin\":\""
                + time(begin).replace(".000000", ".000000000")
                + "\",\"interval\":1,\"timestamp\":\"" + time(begin + MINUTE) + "\"}]}";
    }

    private String ticker(String type, Listing listing, Tally day) {
        Level bid = model.levels(listing.symbol(), true, 1).get(0);
        Level ask = model.levels(listing.symbol(), false, 1).get(0);
        BigDecimal change = BigDecimal.valueOf(day.close - day.open, listing.priceScale());
        BigDecimal percent = change.movePointRight(2)
                .divide(BigDecimal.valueOf(day.open, listing.priceScale()), 2, RoundingMode.HALF_EVEN);
        return "{\"channel\":\"ticker\",\"type\":\"" + type + "\",\"data\":[{\"symbol\":\"" + listing.symbol()
                + "\",\"bid\":" + listing.price(bid.price()) + ",\"bid_qty\":"
                + listing.quantity(bid.lots(), QUANTITY_DECIMALS) + ",\"ask\":" + listing.price(ask.price())
                + ",\"ask_qty\":" + listing.quantity(ask.lots(), QUANTITY_DECIMALS) + ",\"last\":"
                + listing.price(day.close) + ",\"volume\":" + day.volume() + ",\"vwap\":" + day.vwap(listing)
                + ",\"low\":" + listing.price(day.low) + ",\"high\":" + listing.price(day.high) + ",\"change\":"
                + change.toPlainString() + ",\"change_pct\":" + percent.toPlainString() + "}]}";
    }

    private static String time(long micros) {
        return TIME.format(Instant.ofEpochSecond(micros / SECOND, micros % SECOND * 1_000));
    }
}
