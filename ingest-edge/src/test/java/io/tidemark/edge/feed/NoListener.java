package io.tidemark.edge.feed;

import io.tidemark.contracts.decimal.Decimal38;

/** Builds nothing. */
public final class NoListener implements TradeListener {
    @Override
    public void trade(Instrument instrument, long exchangeTime, long id, Decimal38 price, Decimal38 size) {}

    @Override
    public void heard(long exchangeTime, long receiveTime) {}

    @Override
    public void interrupted() {}

    @Override
    public void missed(Instrument instrument, long fromTime, long toTime) {}

    @Override
    public void advance(long receiveTime) {}

    @Override
    public void close(long receiveTime) {}
}
