package io.tidemark.exchange.protocol.subscribed;

import io.tidemark.exchange.market.MarketEvent;
import io.tidemark.exchange.market.MarketModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a market as one venue's frames. */
public interface MarketScript {
    /** A pass over the market from its beginning; used by the emission's thread only. */
    Writer open(MarketModel model, List<String> symbols, long startMicros);

    /** All streams of these symbols. */
    List<String> streams(List<String> symbols);

    /** Two symbols for whom no others are named. */
    List<String> usualSymbols();

    /** Whether the venue would spell a symbol so. */
    boolean isSymbol(String symbol);

    /** Writes one pass. */
    interface Writer {
        /** What stands at the beginning: the books as the market opens. */
        List<Written> opening();

        /** The frames that the venue sends for an event, in order. */
        List<Written> write(MarketEvent event);
    }

    /**
     * A text as the venue sends it.
     *
     * @param stream what it belongs to, where the text alone does not say it
     * @param depth levels of a book a client keeps on each side; 0 for all
     */
    record Written(String text, @Nullable String stream, int depth) {
        public static Written of(String text) {
            return new Written(text, null, 0);
        }

        /** What the text is, given what it says of itself. */
        Decoded as(Decoded decoded) {
            String own = stream;
            if (own == null) {
                return decoded;
            }
            List<BookChange> books = decoded.books().stream()
                    .map(book -> new BookChange(
                            own, book.symbol(), book.snapshot(), depth, book.bids(), book.asks(), book.notes()))
                    .toList();
            return new Decoded(own, decoded.kind(), decoded.symbols(), books);
        }
    }
}
