package io.tidemark.edge.venue;

import io.tidemark.edge.feed.EventRecorder;
import io.tidemark.edge.feed.Venue;
import io.tidemark.edge.feed.VenuePlan;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What one feed asks of a venue that takes subscriptions as messages on the socket.
 *
 * @param socket the whole address
 * @param symbols the venue's spelling to the normalised one, in the order of the settings
 * @param streams in the venue's own words
 * @param depth levels of each side of a book
 */
public record SocketPlan(
        String source,
        String socket,
        String restAddress,
        Map<String, String> symbols,
        List<String> streams,
        int depth,
        Opener opener)
        implements VenuePlan {
    /** Makes the venue's side of a plan. */
    public interface Opener {
        Venue open(SocketPlan plan, EventRecorder recorder, RandomGenerator random);
    }

    public boolean wants(String stream) {
        return streams.contains(stream);
    }

    @Override
    public int instruments() {
        return symbols.size();
    }

    @Override
    public Venue open(EventRecorder recorder, RandomGenerator random) {
        return opener.open(this, recorder, random);
    }
}
