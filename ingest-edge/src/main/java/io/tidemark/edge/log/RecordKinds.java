package io.tidemark.edge.log;

import io.tidemark.contracts.event.Channel;

/**
 * The byte in front of each record that tells its channel without parsing it.
 *
 * <p>The numbers stand in files: they are never given to another channel.
 */
public final class RecordKinds {
    /** Added to the number: a frame that came from a WebSocket. */
    static final int WEB_SOCKET_FRAME = 0x40;
    /** Added to the number: the last record of its batch. */
    static final int BATCH_END = 0x80;

    private static final int NUMBER = 0x3f;
    private static final Channel[] BY_NUMBER = new Channel[NUMBER + 1];

    static {
        for (Channel channel : Channel.values()) {
            BY_NUMBER[number(channel)] = channel;
        }
    }

    private RecordKinds() {}

    /** From 1 to 31, so that a block's kinds are the bits of one int. */
    public static int number(Channel channel) {
        return switch (channel) {
            case TRADES -> 1;
            case QUOTES -> 2;
            case BOOK_SNAPSHOTS -> 3;
            case BOOK_DELTAS -> 4;
            case TICKERS -> 5;
            case BARS -> 6;
            case BARS_NATIVE -> 7;
            case OPTIONS -> 8;
            case FUNDAMENTALS -> 9;
            case NEWS -> 10;
            case SESSIONS -> 11;
            case GAPS -> 12;
            case FRAMES -> 13;
        };
    }

    public static int bit(Channel channel) {
        return 1 << number(channel);
    }

    static int number(byte kind) {
        return kind & NUMBER;
    }

    /** Throws {@link IllegalArgumentException} for a number that no channel has. */
    static Channel channel(byte kind) {
        Channel channel = BY_NUMBER[kind & NUMBER];
        if (channel == null) {
            throw new IllegalArgumentException("record kind " + (kind & NUMBER) + " is unknown");
        }
        return channel;
    }
}
