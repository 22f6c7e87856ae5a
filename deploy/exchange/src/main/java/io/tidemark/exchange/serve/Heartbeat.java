package io.tidemark.exchange.serve;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Pings every client and parts with those that give no sign of life. Event loop only.
 *
 * <p>Binance spot (API documentation, {@code web-socket-streams.md}) pings every 20 seconds and closes
 * after a minute without pong. A client that still takes data counts as alive here, since a pong may
 * wait behind them.
 */
public final class Heartbeat {
    private static final Duration EVERY = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final short POLICY = 1008;

    private final Set<SocketReceiver> receivers = new HashSet<>();

    public Heartbeat(Vertx vertx) {
        vertx.setPeriodic(EVERY.toMillis(), timer -> beat());
    }

    public void add(SocketReceiver receiver) {
        receivers.add(receiver);
    }

    public void remove(SocketReceiver receiver) {
        receivers.remove(receiver);
    }

    public int size() {
        return receivers.size();
    }

    private void beat() {
        for (SocketReceiver receiver : Set.copyOf(receivers)) {
            if (receiver.silentMillis() > PATIENCE.toMillis()) {
                receiver.close(POLICY, "no pong");
            } else {
                receiver.ping();
            }
        }
    }
}
