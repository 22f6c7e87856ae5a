package io.tidemark.edge.venue;

import io.tidemark.edge.feed.VenueLink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a venue for streams of symbols by messages, at the pace that it allows, and asks anew for one book.
 *
 * <p>What waits is bounded by what the plans ask for, and gone with the connection.
 */
public final class Subscriptions {
    /** How the venue wants to be asked. */
    public interface Wording {
        /** One message that subscribes to, or unsubscribes from, a stream of these symbols. */
        String request(SocketPlan plan, boolean subscribe, String stream, List<String> symbols);
    }

    private final Wording wording;
    private final int symbolsPerRequest;
    private final Duration pace;
    private final Deque<String> waiting = new ArrayDeque<>();
    private @Nullable VenueLink link;
    private boolean pausing;

    public Subscriptions(Wording wording, int symbolsPerRequest, Duration pace) {
        this.wording = wording;
        this.symbolsPerRequest = symbolsPerRequest;
        this.pace = pace;
    }

    /** Subscribes to all. */
    public void opened(VenueLink newLink, SocketPlan plan) {
        link = newLink;
        waiting.clear();
        pausing = false;
        for (String stream : plan.streams()) {
            add(plan, true, stream, List.copyOf(plan.symbols().keySet()));
        }
        next();
    }

    public void closed() {
        link = null;
        waiting.clear();
    }

    /** Unsubscribes and subscribes the difference. */
    public void change(SocketPlan before, SocketPlan after) {
        if (link == null) {
            return;
        }
        for (String stream : before.streams()) {
            add(before, false, stream, without(before, after, stream));
        }
        for (String stream : after.streams()) {
            add(after, true, stream, without(after, before, stream));
        }
        next();
    }

    /** The symbols of {@code one} for which the other plan does not ask in the same words. */
    private List<String> without(SocketPlan one, SocketPlan other, String stream) {
        List<String> rest = new ArrayList<>(one.symbols().keySet());
        String words = wording.request(one, true, stream, List.of());
        if (other.wants(stream) && words.equals(wording.request(other, true, stream, List.of()))) {
            rest.removeAll(other.symbols().keySet());
        }
        return rest;
    }

    /** Unsubscribes and subscribes again: the venue then begins with a snapshot. */
    public void renew(SocketPlan plan, String stream, List<String> symbols) {
        if (link == null || !plan.wants(stream)) {
            return;
        }
        add(plan, false, stream, symbols);
        add(plan, true, stream, symbols);
        next();
    }

    private void add(SocketPlan plan, boolean subscribe, String stream, List<String> symbols) {
        for (int from = 0; from < symbols.size(); from += symbolsPerRequest) {
            waiting.addLast(wording.request(
                    plan,
                    subscribe,
                    stream,
                    symbols.subList(from, Math.min(symbols.size(), from + symbolsPerRequest))));
        }
    }

    private void next() {
        VenueLink open = link;
        if (open == null || pausing || waiting.isEmpty()) {
            return;
        }
        open.send(waiting.removeFirst());
        pausing = true;
        open.after(pace, () -> {
            pausing = false;
            next();
        });
    }

    /** {@code ["A","B"]}. */
    public static String list(List<String> symbols) {
        return "[\"" + String.join("\",\"", symbols) + "\"]";
    }
}
