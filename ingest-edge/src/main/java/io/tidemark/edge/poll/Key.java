package io.tidemark.edge.poll;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Fundamental;
import io.tidemark.contracts.proto.NewsItem;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What makes two records of a source the same: 128 bits of the SHA-256 of all that they say.
 *
 * <p>A record that changed is another record. Left out is what the source adds later without saying anything new: the
 * frame of a fact, which moves on to the latest filing, and the publisher's name of a feed.
 */
public record Key(long high, long low) {
    static Key of(String channel, String symbol, long exchangeTime, Envelope event) {
        MessageDigest digest = sha256();
        text(digest, channel);
        text(digest, symbol);
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, exchangeTime));
        digest.update(
                switch (event.getEventCase()) {
                    case FUNDAMENTAL ->
                        Fundamental.newBuilder(event.getFundamental())
                                .clearFrame()
                                .build()
                                .toByteArray();
                    case NEWS ->
                        NewsItem.newBuilder(event.getNews())
                                .clearPublisher()
                                .build()
                                .toByteArray();
                    case BAR -> event.getBar().toByteArray();
                    case OPTION -> event.getOption().toByteArray();
                    case GAP -> event.getGap().toByteArray();
                    default -> throw new IllegalArgumentException("no polled kind: " + event.getEventCase());
                });
        return of(digest);
    }

    static Key of(byte[] bytes) {
        MessageDigest digest = sha256();
        digest.update(bytes);
        return of(digest);
    }

    public static Key of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Key of(MessageDigest digest) {
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return new Key(hash.getLong(), hash.getLong());
    }

    private static void text(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Throws {@link IllegalArgumentException} for what {@link #toString} never gives. */
    static Key parse(String text) {
        if (text.length() != 32) {
            throw new IllegalArgumentException("no key: " + text);
        }
        return new Key(Long.parseUnsignedLong(text.substring(0, 16), 16), Long.parseUnsignedLong(text, 16, 32, 16));
    }

    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
