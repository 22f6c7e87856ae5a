package io.tidemark.edge.poll.news;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.poll.PollRequest;
import io.tidemark.edge.poll.PollSource;
import io.tidemark.edge.poll.RecordSink;
import java.net.URI;
import java.util.List;

/** News of RSS and Atom feeds. All items are one stream of symbol {@code _}, so an item in two feeds counts once. */
public final class NewsFeeds implements PollSource {
    private static final RecordSink.Target TARGET =
            new RecordSink.Target(Channel.NEWS.label(), Channel.WHOLE_CONNECTION, "");

    private final List<PollRequest> requests;
    private final List<String> symbols;

    /** {@code symbols}: what the feeds are about; stands in each item. */
    public NewsFeeds(List<URI> feeds, List<String> symbols) {
        this.symbols = List.copyOf(symbols);
        this.requests = feeds.stream()
                .map(feed -> new PollRequest(feed.toString(), feed, Channel.WHOLE_CONNECTION, "", true))
                .toList();
    }

    @Override
    public Topics family() {
        return Topics.NEWS;
    }

    @Override
    public List<PollRequest> round(Recorded recorded) {
        return requests;
    }

    @Override
    public boolean decode(PollRequest request, byte[] answer, RecordSink sink) throws BadFrameException {
        FeedReader.read(answer, TARGET, symbols, sink);
        return false;
    }
}
