package io.tidemark.exchange.protocol.subscribed;

import io.tidemark.exchange.emission.Frame;
import io.tidemark.exchange.emission.Reel;
import io.tidemark.exchange.protocol.subscribed.FrameSource.Sent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One pass over a tape, with the books that follow from the frames that lie behind. */
final class BookedReel implements Reel {
    private final FrameSource source;
    private final Dialect dialect;
    private final StandingBooks books = new StandingBooks();
    private List<BookChange> atHand = List.of();

    BookedReel(FrameSource source, Dialect dialect) {
        this.source = source;
        this.dialect = dialect;
    }

    @Override
    public @Nullable Frame next() throws IOException {
        Sent sent = source.next();
        if (sent == null) {
            return null;
        }
        atHand = sent.decoded().books();
        return new Frame(sent.decoded().stream(), sent.decoded().kind(), sent.text(), sent.timeNanos());
    }

    @Override
    public void passed(Frame frame) {
        atHand.forEach(books::apply);
        atHand = List.of();
    }

    @Override
    public void joined() {
        // The books fit whoever begins here.
    }

    @Override
    public List<Frame> greeting(Set<String> streams) {
        List<Frame> greeting = new ArrayList<>();
        for (String stream : new TreeSet<>(streams)) {
            StandingBook book = books.of(stream);
            if (book != null) {
                greeting.add(new Frame(stream, "snapshot", dialect.snapshot(book), 0));
            }
        }
        return greeting;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
