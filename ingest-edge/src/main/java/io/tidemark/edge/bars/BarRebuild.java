package io.tidemark.edge.bars;

import io.tidemark.contracts.decimal.Decimal38;
import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Trade;
import io.tidemark.edge.feed.EventRecorder;
import io.tidemark.edge.feed.Instrument;

/**
 * Fills a {@link BarBuilder} from the retained log, so that it stands where it stood after the last batch.
 *
 * <p>Takes the log's events in their order, before the first frame. A bar that was closed in memory but did not
 * reach the log is open again and is sent when its time has passed, with the revision that it would have had.
 * A bar of which the log holds only the end is sent as incomplete.
 */
public final class BarRebuild {
    private final BarBuilder bars;
    private final EventRecorder recorder;
    private final boolean aggregates;
    private final boolean whole;
    private long firstTime = EventEncoder.ABSENT;

    /**
     * @param aggregates bars are built from aggregate trades, since single ones are not asked for
     * @param whole what is told is everything that was ever recorded of the source
     */
    public BarRebuild(BarBuilder bars, EventRecorder recorder, boolean aggregates, boolean whole) {
        this.bars = bars;
        this.recorder = recorder;
        this.aggregates = aggregates;
        this.whole = whole;
    }

    public void accept(Envelope event) {
        switch (event.getEventCase()) {
            case TRADE -> trade(event);
            case BAR -> {
                if (Channel.of(event.getChannel()) == Channel.BARS) {
                    bars.replayBar(instrument(event), event.getBar());
                }
            }
            default -> {
                if (event.hasExchangeTime()) {
                    bars.replayTime(event.getExchangeTime());
                }
            }
        }
    }

    private void trade(Envelope event) {
        Trade trade = event.getTrade();
        long time = Events.eventTime(event);
        if (firstTime == EventEncoder.ABSENT) {
            firstTime = time;
        }
        if (trade.hasFirstTradeId() == aggregates) {
            Decimal38 price = Events.decimal(trade.getPrice());
            Decimal38 size = Events.decimal(trade.getSize());
            bars.replayTrade(instrument(event), time, number(trade.getTradeId()), price, size);
        } else {
            bars.replayTime(time);
        }
    }

    private Instrument instrument(Envelope event) {
        return recorder.instrument(event.getSymbol(), event.getVenueSymbol());
    }

    private static long number(String id) {
        if (id.isEmpty() || id.length() > 18 || !id.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return EventEncoder.ABSENT;
        }
        return Long.parseLong(id);
    }

    /** The log has been read to its end. */
    public void done(long now) {
        bars.replayed(now, whole ? EventEncoder.ABSENT : firstTime);
    }
}
