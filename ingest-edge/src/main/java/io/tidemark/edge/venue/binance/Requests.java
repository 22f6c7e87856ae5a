package io.tidemark.edge.venue.binance;

import io.tidemark.edge.feed.VenueLink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Subscribes and unsubscribes on a connection that stands, by the "Live Subscribing/Unsubscribing to streams" of
 * Binance's web-socket-streams document, which allows five messages a second.
 */
final class Requests {
    private static final int NAMES_PER_REQUEST = 100;
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final Deque<String> waiting = new ArrayDeque<>();
    private @Nullable VenueLink link;
    private boolean pausing;
    private long id;

    /** The address of the new connection names everything that is asked for. */
    void opened(VenueLink newLink) {
        link = newLink;
        waiting.clear();
        pausing = false;
    }

    void closed() {
        link = null;
        waiting.clear();
    }

    void change(List<String> before, List<String> after) {
        if (link == null) {
            return;
        }
        add("UNSUBSCRIBE", without(before, after));
        add("SUBSCRIBE", without(after, before));
        next();
    }

    private static List<String> without(List<String> all, List<String> others) {
        List<String> rest = new ArrayList<>(all);
        rest.removeAll(new java.util.HashSet<>(others));
        return rest;
    }

    private void add(String method, List<String> names) {
        for (int from = 0; from < names.size(); from += NAMES_PER_REQUEST) {
            List<String> some = names.subList(from, Math.min(names.size(), from + NAMES_PER_REQUEST));
            waiting.addLast("{\"method\":\"" + method + "\",\"params\":[\"" + String.join("\",\"", some) + "\"],\"id\":"
                    + ++id + "}");
        }
    }

    private void next() {
        VenueLink open = link;
        if (open == null || pausing || waiting.isEmpty()) {
            return;
        }
        open.send(waiting.removeFirst());
        pausing = true;
        open.after(PAUSE, () -> {
            pausing = false;
            next();
        });
    }
}
