package io.tidemark.sync.loop;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.tidemark.sync.retention.DeleteAfter;
import io.tidemark.sync.transfer.Bandwidth;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** The sync-agent's settings. */
@ConfigMapping(prefix = "sync")
public interface SyncSettings {
    /** The edge's ready folder. */
    String source();

    /** The lake's root folder; an edge's files go below it to {@code TENANT/raw/edge=EDGE/}. */
    String target();

    /** Whose lake it is. */
    @WithDefault("default")
    String tenant();

    /** The edge's name, as in its own settings. */
    String edge();

    /** How long the service rests between two passes. */
    @WithDefault("300s")
    Duration interval();

    /** Which files, by their path below the source. */
    @WithDefault("**/*")
    String pattern();

    /** Whether raw frames, the largest channel, go too. */
    @WithDefault("true")
    @WithConverter(TrueOrFalse.class)
    boolean includeRaw();

    /** How many files are copied at a time. */
    @WithDefault("2")
    int parallel();

    /** Bytes per second to the target, all files together: {@code unlimited}, {@code 512K}, {@code 10M}. */
    @WithDefault("unlimited")
    @WithConverter(BandwidthConverter.class)
    Bandwidth bandwidth();

    /** How often a file is tried again within one pass. */
    @WithDefault("3")
    int retries();

    /** The ceiling of the first wait before a retry; it doubles, up to 30 s, with full jitter. */
    @WithDefault("1s")
    Duration retryDelay();

    /** How long a pass waits for another one on the same folder to end. */
    @WithDefault("60s")
    Duration lockWait();

    /** When synced files are deleted at the edge: {@code keep}, or a grace such as {@code 48h}. */
    @WithDefault("keep")
    @WithConverter(DeleteAfterConverter.class)
    DeleteAfter deleteAfter();

    /** Lets the sentence of {@link Bandwidth#of} reach the one who mistyped. */
    final class BandwidthConverter implements Converter<Bandwidth> {
        private static final long serialVersionUID = 1L;

        @Override
        public Bandwidth convert(String value) {
            return Bandwidth.of(value);
        }
    }

    /** Lets the sentence of {@link DeleteAfter#of} reach the one who mistyped. */
    final class DeleteAfterConverter implements Converter<DeleteAfter> {
        private static final long serialVersionUID = 1L;

        @Override
        public DeleteAfter convert(String value) {
            return DeleteAfter.of(value);
        }
    }

    /** Takes nothing for false that is neither. */
    final class TrueOrFalse implements Converter<Boolean> {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean convert(String value) {
            return switch (value.strip()) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException("must be true or false, not \"" + value + "\"");
            };
        }
    }
}
