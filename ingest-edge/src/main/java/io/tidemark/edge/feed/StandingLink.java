package io.tidemark.edge.feed;

import io.tidemark.contracts.proto.GapReason;
import io.vertx.core.Vertx;
import java.time.Duration;

/** What a venue may do while its connection has the place; afterwards nothing of it has an effect. */
final class StandingLink implements VenueLink {
    /** The feed, on whose thread everything comes. */
    interface Owner {
        boolean stands(FeedConnection connection);

        void answered(Instrument instrument, String request, byte[] body, RestListener listener);

        void renew(FeedConnection connection, GapReason reason, String detail);

        void guarded(Runnable work);
    }

    private final Owner feed;
    private final FeedConnection connection;
    private final RestCalls rest;
    private final Vertx vertx;

    StandingLink(Owner feed, FeedConnection connection, RestCalls rest, Vertx vertx) {
        this.feed = feed;
        this.connection = connection;
        this.rest = rest;
        this.vertx = vertx;
    }

    /** Work that is of use only as long as the connection stands. */
    private void whileItStands(Runnable work) {
        feed.guarded(() -> {
            if (feed.stands(connection)) {
                work.run();
            }
        });
    }

    @Override
    public void get(Instrument instrument, String pathAndQuery, RestListener listener) {
        rest.get(
                pathAndQuery,
                body -> whileItStands(() -> feed.answered(instrument, pathAndQuery, body, listener)),
                failure -> whileItStands(() -> listener.failed(failure)));
    }

    @Override
    public void send(String text) {
        if (feed.stands(connection)) {
            connection.send(text);
        }
    }

    @Override
    public void renew(GapReason reason, String detail) {
        feed.renew(connection, reason, detail);
    }

    @Override
    public void after(Duration delay, Runnable task) {
        vertx.setTimer(Math.max(1, delay.toMillis()), id -> whileItStands(task));
    }
}
