package io.tidemark.edge.check;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.log.EventLog;
import io.tidemark.edge.log.LogBlock;
import io.tidemark.edge.log.LogFixture;
import io.tidemark.edge.log.LogScan;
import io.tidemark.edge.segment.SegmentConverter;
import io.tidemark.edge.segment.SegmentSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A folder as an edge leaves it: two sources, three hours, some logs converted and some not. */
final class DataFolder {
    record Segments(String rawFormat) implements SegmentSettings {
        @Override
        public String parquetCompression() {
            return "snappy";
        }

        @Override
        public int parquetCompressionLevel() {
            return 3;
        }

        @Override
        public int memoryMb() {
            return 8;
        }
    }

    static final InstantSource LATER = () -> Instant.parse("2026-11-20T15:00:00Z");

    private DataFolder() {}

    static void fill(Path folder, String format) throws IOException {
        for (int run = 0; run < 2; run++) {
            try (LogFixture edge = new LogFixture(folder, LogFixture.Settings.USUAL.batches(20))) {
                edge.at("2026-11-20T1" + run + ":50:00Z");
                EventLog binance = edge.store.open("binance");
                EventLog kraken = edge.store.open("kraken");
                SegmentConverter converter =
                        new SegmentConverter(edge.store, new Segments(format), edge.clock, new SimpleMeterRegistry());
                // What forwarding passed may go: the oldest logs are there as segments only.
                edge.store.markPassed("binance", 2);
                for (long id = 0; id < 400; id++) {
                    edge.trade(binance, id);
                    edge.quote(binance, id);
                    if (id % 3 == 0) {
                        edge.trade(kraken, id, "BTC-USD");
                    }
                    edge.pass(Duration.ofSeconds(2));
                    if (id % 150 == 149) {
                        binance.rotate();
                        converter.convertAll();
                    }
                }
                if (run == 0) {
                    edge.store.seal();
                    converter.convertAll();
                }
            }
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Every event that can be read below {@code raw}: in logs also behind damage, in segments that are whole. */
    static Set<String> readable(Path folder) throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path file : files(folder.resolve("raw"))) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".parquet") || name.endsWith(".ndjson.zst")) {
                names.addAll(inSegment(file));
            } else if (name.endsWith(".log")) {
                LogScan.run(file, -1, new LogScan.Listener() {
                    @Override
                    public void block(LogBlock block) {
                        for (int at = block.first(); at < block.end(); at = block.next(at)) {
                            names.add(Identity.of(block.event(at)).toString());
                        }
                    }

                    @Override
                    public void damage(long from, long to, long firstRecord, long records, String what) {}

                    @Override
                    public void closed(long from, long records) {}
                });
            }
        }
        return names;
    }

    private static Set<String> inSegment(Path file) {
        Set<String> names = new TreeSet<>();
        try (EventFileReader reader = EventFileReader.open(file)) {
            for (Envelope event = reader.next(); event != null; event = reader.next()) {
                names.add(Identity.of(event).toString());
            }
        } catch (IOException e) {
            return Set.of();
        }
        return names;
    }
}
