package io.tidemark.lake.compact;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.tidemark.lake.manifest.FileQuery;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** Merging small sealed files. */
@ConfigMapping(prefix = "lake.compact")
public interface CompactSettings {
    /** A sealed file of fewer bytes is small. */
    @WithDefault("64M")
    MemorySize smallFile();

    /** An event hour of an instrument with so many small files is compacted. */
    @WithDefault("2")
    @WithConverter(Files.class)
    int minFiles();

    /** How long a merged file stays for those who still read the state before; longer than the longest query. */
    @WithDefault("1h")
    @WithConverter(NotNegative.class)
    Duration grace();

    /** How long the service rests between two compactions; zero compacts by command only. */
    @WithDefault("1h")
    @WithConverter(NotNegative.class)
    Duration interval();

    /** The request that these settings make. */
    default CompactRequest request(FileQuery which, boolean dryRun) {
        return new CompactRequest(which, smallFile().asLongValue(), minFiles(), grace(), dryRun);
    }

    /** Two or more. */
    final class Files implements Converter<Integer> {
        private static final long serialVersionUID = 1L;

        @Override
        public Integer convert(String value) {
            try {
                int number = Integer.parseInt(value.strip());
                if (number >= 2) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("\"" + value + "\" is no whole number", e);
            }
            throw new IllegalArgumentException("it must be 2 or more, not " + value);
        }
    }

    /** Not negative. */
    final class NotNegative implements Converter<Duration> {
        private static final long serialVersionUID = 1L;

        @Override
        public Duration convert(String value) {
            Duration grace = new io.quarkus.runtime.configuration.DurationConverter().convert(value);
            if (grace == null || grace.isNegative()) {
                throw new IllegalArgumentException("it must not be negative, not " + value);
            }
            return grace;
        }
    }
}
