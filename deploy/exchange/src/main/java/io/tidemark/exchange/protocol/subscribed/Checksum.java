package io.tidemark.exchange.protocol.subscribed;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Iterator;
import java.util.zip.CRC32;

/** The checksums by which venues let clients prove their books. */
public final class Checksum {
    /** Name of the note that holds the checksum of a change. */
    public static final String NOTE = "checksum";

    private static final int KRAKEN_LEVELS = 10;
    private static final int OKX_LEVELS = 25;

    private Checksum() {}

    /**
     * Kraken's (v1 and v2): the best ten asks, then bids, price and size without point and leading
     * zeros. Source: docs.kraken.com, guides "Spot Websockets (v1|v2) Book Checksum".
     */
    public static long kraken(Collection<BookLevel> bids, Collection<BookLevel> asks) {
        StringBuilder text = new StringBuilder(512);
        kraken(text, asks);
        kraken(text, bids);
        return crc(text);
    }

    private static void kraken(StringBuilder text, Collection<BookLevel> levels) {
        int left = KRAKEN_LEVELS;
        for (BookLevel level : levels) {
            if (left-- == 0) {
                return;
            }
            digits(text, level.price());
            digits(text, level.size());
        }
    }

    private static void digits(StringBuilder text, String number) {
        boolean leading = true;
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            leading &= c == '0' || c == '.';
            if (!leading && c != '.') {
                text.append(c);
            }
        }
    }

    /**
     * OKX's: the best 25 of each side in turns, bid first, joined by colons; signed. Source:
     * okx.com/docs-v5, "Order book channel", checksum.
     */
    public static int okx(Collection<BookLevel> bids, Collection<BookLevel> asks) {
        StringBuilder text = new StringBuilder(1024);
        Iterator<BookLevel> bid = bids.iterator();
        Iterator<BookLevel> ask = asks.iterator();
        for (int i = 0; i < OKX_LEVELS; i++) {
            okx(text, bid);
            okx(text, ask);
        }
        return (int) crc(text);
    }

    private static void okx(StringBuilder text, Iterator<BookLevel> side) {
        if (side.hasNext()) {
            BookLevel level = side.next();
            text.append(text.length() == 0 ? "" : ":")
                    .append(level.price())
                    .append(':')
                    .append(level.size());
        }
    }

    private static long crc(StringBuilder text) {
        CRC32 crc = new CRC32();
        crc.update(text.toString().getBytes(StandardCharsets.US_ASCII));
        return crc.getValue();
    }
}
