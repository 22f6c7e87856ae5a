package io.tidemark.edge.feed;

import java.util.function.Consumer;

/**
 * One exchange that can be recorded, as settings name it. Without state.
 *
 * <p>A new venue is a package below {@code venue} with a protocol, its plan and its {@link Venue}, and one line in
 * the list of protocols; {@code docs/new-venue.md} is the recipe, {@code VenueContract} the test it inherits.
 */
public interface VenueProtocol {
    /** The name in settings, and of the source unless the feed has another: {@code coinbase-advanced}. */
    String label();

    /** Tells every mistake to {@code mistakes}, each with its property's name; of use only when there was none. */
    VenuePlan plan(String feed, FeedSettings settings, Consumer<String> mistakes);
}
