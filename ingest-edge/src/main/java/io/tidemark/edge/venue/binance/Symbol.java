package io.tidemark.edge.venue.binance;

import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.edge.feed.Instrument;
import org.jspecify.annotations.Nullable;

/** One subscribed symbol: its instrument, its book and where its trades stand. */
final class Symbol {
    final Instrument instrument;
    /** Where changes of depth are subscribed. */
    final @Nullable BookSync book;

    final IdChain trades = new IdChain();
    final IdChain aggregateTrades = new IdChain();

    // The last seen of what has no chain: for telling a repeat when two connections overlap.
    long quoteId = EventEncoder.ABSENT;
    long depthId = EventEncoder.ABSENT;
    long candleTime = EventEncoder.ABSENT;
    long tickerTime = EventEncoder.ABSENT;
    long markTime = EventEncoder.ABSENT;

    Symbol(Instrument instrument, @Nullable BookSync book) {
        this.instrument = instrument;
        this.book = book;
    }

    /** Ids that step by one; kept over connections, so that a gap names what is missing. */
    static final class IdChain {
        private long last = EventEncoder.ABSENT;
        private long lastTime;

        /** The id that was to come when {@code id} shows a hole; otherwise {@code ABSENT}. */
        long missingFrom(long id) {
            return last != EventEncoder.ABSENT && id > last + 1 ? last + 1 : EventEncoder.ABSENT;
        }

        boolean has(long id) {
            return last != EventEncoder.ABSENT && id <= last;
        }

        long lastTime() {
            return lastTime;
        }

        void advance(long id, long time) {
            if (id > last) {
                last = id;
                lastTime = time;
            }
        }
    }
}
