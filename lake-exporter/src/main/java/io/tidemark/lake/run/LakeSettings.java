package io.tidemark.lake.run;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.files.write.WriteOptions.Codec;
import io.tidemark.lake.parquet.LakeFileWriter;
import io.tidemark.lake.run.ExportRequest.OnDamaged;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.Converter;

/** Where the lake is, and how it is sealed. */
@ConfigMapping(prefix = "lake")
public interface LakeSettings {
    /** The lake's root folder; a tenant's lake is a folder in it. */
    Path root();

    /** Whose lake it is. */
    @WithDefault("default")
    String tenant();

    /** The edges whose raw files are sealed where a command names none. */
    Optional<List<String>> edges();

    /**
     * What becomes of a seal when a raw file is damaged: {@code refuse} names the file and seals nothing,
     * {@code skip} names it and seals the others. Never is a part of a file taken.
     */
    @WithDefault("refuse")
    @WithConverter(DamagedPolicy.class)
    OnDamaged damagedInput();

    /** The sealed files of event hours. */
    EventSettings events();

    /** Sealing by the service itself. */
    SealSettings seal();

    /** How event files are written; all but workers and memory decide the bytes. */
    interface EventSettings {
        /** A file is closed at the first batch's end beyond this. */
        @WithDefault("256")
        @WithConverter(FileSize.class)
        int maxFileSizeMb();

        /** Events between two looks at a file's size. */
        @WithDefault("5000")
        @WithConverter(BatchSize.class)
        int batchSize();

        /** {@code zstd} or {@code snappy}. */
        @WithDefault("zstd")
        @WithConverter(CodecName.class)
        Codec compression();

        /** Of zstd, 1 to 22. */
        @WithDefault("3")
        @WithConverter(Level.class)
        int compressionLevel();

        /** Bytes of a row group in memory. */
        @WithDefault("8M")
        @WithConverter(RowGroupSize.class)
        int rowGroupSize();

        /** Memory for sorting; what does not fit is sorted on disk. A third of the heap where that is less. */
        @WithDefault("500M")
        MemorySize memoryLimit();

        /** Instruments handled at a time. */
        @WithDefault("2")
        @WithConverter(Workers.class)
        int workers();
    }

    /** When the service seals. */
    interface SealSettings {
        /** How long it rests between two looks for complete hours; 0 seals by command only. */
        @WithDefault("0s")
        Duration interval();

        /** How long an export waits for another one to end. */
        @WithDefault("30s")
        Duration lockWait();
    }

    /** The same as an export takes it. */
    default ExportLimits limits() {
        long memory = Math.min(
                events().memoryLimit().asLongValue(), Runtime.getRuntime().maxMemory() / 3);
        WriteOptions options =
                new WriteOptions(events().compression(), events().compressionLevel(), events().rowGroupSize());
        return new ExportLimits(
                events().workers(),
                memory,
                seal().lockWait(),
                new LakeFileWriter.Layout(options, (long) events().maxFileSizeMb() << 20, events().batchSize()));
    }

    /** Whole numbers within bounds. */
    abstract class Between implements Converter<Integer> {
        private static final long serialVersionUID = 1L;

        private final int least;
        private final int most;

        Between(int least, int most) {
            this.least = least;
            this.most = most;
        }

        @Override
        public Integer convert(String value) {
            int number;
            try {
                number = Integer.parseInt(value.strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("\"" + value + "\" is no whole number", e);
            }
            if (number < least || number > most) {
                throw new IllegalArgumentException("it must be " + least + " to " + most + ", not " + value);
            }
            return number;
        }
    }

    /** Megabytes. */
    final class FileSize extends Between {
        private static final long serialVersionUID = 1L;

        public FileSize() {
            super(1, 16_384);
        }
    }

    /** Events. */
    final class BatchSize extends Between {
        private static final long serialVersionUID = 1L;

        public BatchSize() {
            super(1, 1_000_000);
        }
    }

    /** Of zstd. */
    final class Level extends Between {
        private static final long serialVersionUID = 1L;

        public Level() {
            super(1, 22);
        }
    }

    /** Threads. */
    final class Workers extends Between {
        private static final long serialVersionUID = 1L;

        public Workers() {
            super(1, 64);
        }
    }

    /** {@code refuse} or {@code skip}. */
    final class DamagedPolicy implements Converter<OnDamaged> {
        private static final long serialVersionUID = 1L;

        @Override
        public OnDamaged convert(String value) {
            return switch (value.strip()) {
                case "refuse" -> OnDamaged.REFUSE;
                case "skip" -> OnDamaged.SKIP;
                default -> throw new IllegalArgumentException("it must be refuse or skip, not \"" + value + "\"");
            };
        }
    }

    /** Names of codecs, with a sentence for a wrong one. */
    final class CodecName implements Converter<Codec> {
        private static final long serialVersionUID = 1L;

        @Override
        public Codec convert(String value) {
            return Codec.of(value.strip());
        }
    }

    /** A memory size that a row group may have. */
    final class RowGroupSize implements Converter<Integer> {
        private static final long serialVersionUID = 1L;

        @Override
        public Integer convert(String value) {
            MemorySize size = new io.quarkus.runtime.configuration.MemorySizeConverter().convert(value);
            if (size == null || size.asLongValue() < 64 << 10 || size.asLongValue() > 1 << 30) {
                throw new IllegalArgumentException("it must be 64K to 1G, not " + value);
            }
            return (int) size.asLongValue();
        }
    }
}
