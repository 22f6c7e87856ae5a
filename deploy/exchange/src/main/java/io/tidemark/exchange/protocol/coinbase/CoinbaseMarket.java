package io.tidemark.exchange.protocol.coinbase;

import io.tidemark.exchange.market.Level;
import io.tidemark.exchange.market.Listing;
import io.tidemark.exchange.market.MarketEvent;
import io.tidemark.exchange.market.MarketModel;
import io.tidemark.exchange.protocol.subscribed.Decoded;
import io.tidemark.exchange.protocol.subscribed.MarketScript;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A market as Coinbase Exchange sends it: snapshot, l2update, match, ticker at each match, heartbeat. */
final class CoinbaseMarket implements MarketScript {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final long SECOND = 1_000_000;
    private static final int ALL = Integer.MAX_VALUE;

    @Override
    public List<String> streams(List<String> symbols) {
        List<String> streams = new ArrayList<>();
        for (String symbol : symbols) {
            for (String channel : List.of("heartbeat", "level2", "matches", "ticker")) {
                streams.add(Decoded.stream(channel, symbol));
            }
        }
        return streams;
    }

    @Override
    public List<String> usualSymbols() {
        return List.of("BTC-USD", "ETH-USD");
    }

    @Override
    public boolean isSymbol(String symbol) {
        return symbol.matches("[A-Z0-9]{2,12}-[A-Z0-9]{2,12}");
    }

    @Override
    public Writer open(MarketModel model, List<String> symbols, long startMicros) {
        return new Pen(model, symbols, startMicros);
    }

    /** What a ticker tells of the day; the market's day begins with it. */
    private static final class Day {
        private long sequence = 1;
        private long nextBeat;
        private long lastTrade;
        private long open;
        private long high;
        private long low;
        private long lots;
    }

    private static final class Pen implements Writer {
        private final MarketModel model;
        private final List<String> symbols;
        private final Map<String, Day> days = new HashMap<>();

        Pen(MarketModel model, List<String> symbols, long startMicros) {
            this.model = model;
            this.symbols = symbols;
            for (String symbol : symbols) {
                Day day = new Day();
                day.nextBeat = startMicros + SECOND;
                days.put(symbol, day);
            }
        }

        @Override
        public List<Written> opening() {
            List<Written> opening = new ArrayList<>();
            for (String symbol : symbols) {
                Listing listing = model.listing(symbol);
                StringBuilder json = new StringBuilder(1 << 14);
                json.append("{\"type\":\"snapshot\",\"product_id\":\"")
                        .append(symbol)
                        .append("\",\"asks\":[");
                levels(json, listing, model.levels(symbol, false, ALL), "");
                levels(json.append("],\"bids\":["), listing, model.levels(symbol, true, ALL), "");
                opening.add(Written.of(json.append("]}").toString()));
            }
            return opening;
        }

        @Override
        public List<Written> write(MarketEvent event) {
            String symbol = event.listing().symbol();
            Day day = days.computeIfAbsent(symbol, s -> new Day());
            List<Written> texts = new ArrayList<>(3);
            while (event.timeMicros() >= day.nextBeat) {
                texts.add(Written.of("{\"type\":\"heartbeat\",\"last_trade_id\":" + day.lastTrade
                        + ",\"product_id\":\"" + symbol + "\",\"sequence\":" + day.sequence + ",\"time\":\""
                        + time(day.nextBeat) + "\"}"));
                day.nextBeat += SECOND;
            }
            if (event instanceof MarketEvent.Trade trade) {
                day.sequence++;
                trade(day, trade);
                texts.add(Written.of(match(day, trade)));
                texts.add(Written.of(ticker(day, trade)));
            } else if (event instanceof MarketEvent.Depth depth) {
                texts.add(Written.of(update(depth)));
            }
            return texts;
        }

        private static void trade(Day day, MarketEvent.Trade trade) {
            boolean first = day.lots == 0;
            day.lastTrade = trade.id();
            day.open = first ? trade.price() : day.open;
            day.high = first ? trade.price() : Math.max(day.high, trade.price());
            day.low = first ? trade.price() : Math.min(day.low, trade.price());
            day.lots += trade.lots();
        }

        private static String match(Day day, MarketEvent.Trade trade) {
            Listing listing = trade.listing();
            return "{\"type\":\"match\",\"trade_id\":" + trade.id() + ",\"maker_order_id\":\""
                    + new UUID(trade.id(), 1) + "\",\"taker_order_id\":\"" + new UUID(trade.id(), 2)
                    + "\",\"side\":\"" + (trade.buyerIsMaker() ? "buy" : "sell") + "\",\"size\":\""
                    + listing.quantity(trade.lots(), 0) + "\",\"price\":\"" + listing.price(trade.price())
                    + "\",\"product_id\":\"" + listing.symbol() + "\",\"sequence\":" + day.sequence
                    + ",\"time\":\"" + time(trade.timeMicros()) + "\"}";
        }

        private String ticker(Day day, MarketEvent.Trade trade) {
            Listing listing = trade.listing();
            Level bid = model.levels(listing.symbol(), true, 1).get(0);
            Level ask = model.levels(listing.symbol(), false, 1).get(0);
            return "{\"type\":\"ticker\",\"sequence\":" + day.sequence + ",\"product_id\":\"" + listing.symbol()
                    + "\",\"price\":\"" + listing.price(trade.price()) + "\",\"open_24h\":\""
                    + listing.price(day.open) + "\",\"volume_24h\":\"" + listing.quantity(day.lots, 8)
                    + "\",\"low_24h\":\"" + listing.price(day.low) + "\",\"high_24h\":\""
                    + listing.price(day.high) + "\",\"volume_30d\":\"" + listing.quantity(day.lots, 8)
                    + "\",\"best_bid\":\"" + listing.price(bid.price()) + "\",\"best_bid_size\":\""
                    + listing.quantity(bid.lots(), 8) + "\",\"best_ask\":\"" + listing.price(ask.price())
                    + "\",\"best_ask_size\":\"" + listing.quantity(ask.lots(), 8) + "\",\"side\":\""
                    + (trade.buyerIsMaker() ? "sell" : "buy") + "\",\"time\":\"" + time(trade.timeMicros())
                    + "\",\"trade_id\":" + trade.id() + ",\"last_size\":\""
                    + listing.quantity(trade.lots(), 0) + "\"}";
        }

        private static String update(MarketEvent.Depth depth) {
            StringBuilder json = new StringBuilder(512);
            json.append("{\"type\":\"l2update\",\"product_id\":\"")
                    .append(depth.listing().symbol());
            json.append("\",\"changes\":[");
            levels(json, depth.listing(), depth.bids(), "\"buy\",");
            json.append(depth.bids().isEmpty() || depth.asks().isEmpty() ? "" : ",");
            levels(json, depth.listing(), depth.asks(), "\"sell\",");
            return json.append("],\"time\":\"")
                    .append(time(depth.timeMicros()))
                    .append("\"}")
                    .toString();
        }

        private static void levels(StringBuilder json, Listing listing, List<Level> levels, String side) {
            String separator = "";
            for (Level level : levels) {
                json.append(separator).append('[').append(side).append('"').append(listing.price(level.price()));
                json.append("\",\"").append(listing.quantity(level.lots(), 8)).append("\"]");
                separator = ",";
            }
        }

        private static String time(long micros) {
            return TIME.format(Instant.ofEpochSecond(micros / SECOND, micros % SECOND * 1_000));
        }
    }
}
