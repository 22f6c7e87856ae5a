package io.tidemark.edge.feed;

import io.tidemark.contracts.decimal.Decimal38;

/**
 * Whoever builds something from a source's trades, told in the order of the record and on the feed's thread.
 *
 * <p>What it records while it is called goes into the batch of the frame that caused it.
 */
public interface TradeListener {
    /** The numbers are reused after the call. {@code id} is {@code EventEncoder.ABSENT} where the venue gives none. */
    void trade(Instrument instrument, long exchangeTime, long id, Decimal38 price, Decimal38 size);

    /** The latest exchange time of a frame, and when the frame came. */
    void heard(long exchangeTime, long receiveTime);

    /** Nothing was heard for a while: what spans the time from the last to the next exchange time is not whole. */
    void interrupted();

    /** Trades of one instrument are missing between two exchange times. */
    void missed(Instrument instrument, long fromTime, long toTime);

    /** Time has come to {@code receiveTime}; called after each frame and a few times a second. */
    void advance(long receiveTime);

    /** The source has ended or the edge stops: everything open is closed as it stands. */
    void close(long receiveTime);
}
