package io.tidemark.edge.feed;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Connector;
import io.tidemark.edge.log.Journal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One instrument of a source and its streams in the journal, looked up once.
 *
 * <p>Made by {@link EventRecorder#instrument}; one object per symbol. A stream comes to be with its first event.
 */
public final class Instrument {
    private final Journal journal;
    private final String symbol;
    private final String venueSymbol;
    private final List<StreamClock> clocks;
    private @Nullable StreamClock tradeClock;
    private @Nullable StreamClock quoteClock;
    private @Nullable StreamClock deltaClock;
    private Journal.@Nullable Stream trades;
    private Journal.@Nullable Stream quotes;
    private Journal.@Nullable Stream deltas;
    private Journal.@Nullable Stream snapshots;

    Instrument(Journal journal, String symbol, String venueSymbol, List<StreamClock> clocks) {
        this.journal = journal;
        this.symbol = symbol;
        this.venueSymbol = venueSymbol;
        this.clocks = clocks;
    }

    /** Normalised BASE-QUOTE. */
    public String symbol() {
        return symbol;
    }

    public String venueSymbol() {
        return venueSymbol;
    }

    /** An event of one of the busier channels came; {@code now} by the monotonic clock. */
    void heard(Channel channel, long now) {
        StreamClock clock = switch (channel) {
            case TRADES -> tradeClock;
            case QUOTES -> quoteClock;
            default -> deltaClock;
        };
        if (clock == null) {
            clock = new StreamClock(symbol, channel.label());
            clocks.add(clock);
            switch (channel) {
                case TRADES -> tradeClock = clock;
                case QUOTES -> quoteClock = clock;
                default -> deltaClock = clock;
            }
        }
        clock.heard(now);
    }

    Journal.Stream trades() {
        Journal.Stream stream = trades;
        if (stream == null) {
            stream = stream(Channel.TRADES.label(), Connector.WS);
            trades = stream;
        }
        return stream;
    }

    Journal.Stream quotes() {
        Journal.Stream stream = quotes;
        if (stream == null) {
            stream = stream(Channel.QUOTES.label(), Connector.WS);
            quotes = stream;
        }
        return stream;
    }

    Journal.Stream deltas() {
        Journal.Stream stream = deltas;
        if (stream == null) {
            stream = stream(Channel.BOOK_DELTAS.label(), Connector.WS);
            deltas = stream;
        }
        return stream;
    }

    /** A venue's snapshots all come the same way. */
    Journal.Stream snapshots(Connector connector) {
        Journal.Stream stream = snapshots;
        if (stream == null) {
            stream = stream(Channel.BOOK_SNAPSHOTS.label(), connector);
            snapshots = stream;
        }
        return stream;
    }

    /** For the rarer channels. */
    Journal.Stream stream(String channel, Connector connector) {
        return journal.stream(channel, symbol, venueSymbol, connector);
    }

    @Override
    public String toString() {
        return symbol;
    }
}
