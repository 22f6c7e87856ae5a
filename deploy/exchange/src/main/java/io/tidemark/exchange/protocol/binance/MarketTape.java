package io.tidemark.exchange.protocol.binance;

import io.tidemark.exchange.emission.Tape;
import io.tidemark.exchange.market.MarketPlan;
import java.util.List;
import java.util.Locale;

/** A market model, spoken as Binance spot: trade, bookTicker and depth@100ms of each symbol. */
final class MarketTape implements Tape<BinanceReel> {
    private final MarketPlan plan;

    MarketTape(MarketPlan plan) {
        this.plan = plan;
    }

    @Override
    public BinanceReel open() {
        return new MarketReel(plan);
    }

    @Override
    public List<String> streams() {
        return plan.symbols().stream()
                .map(symbol -> symbol.toLowerCase(Locale.ROOT))
                .flatMap(symbol -> MarketReel.KINDS.stream().map(kind -> symbol + "@" + kind))
                .sorted()
                .toList();
    }

    @Override
    public List<String> symbols() {
        return plan.symbols();
    }

    @Override
    public String fingerprint() {
        return "market of " + String.join(",", plan.symbols()) + " seed " + plan.seed() + " for " + plan.seconds()
                + " s from " + plan.start();
    }
}
