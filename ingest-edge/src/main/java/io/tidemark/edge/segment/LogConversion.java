package io.tidemark.edge.segment;

import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.files.write.FileSummary;
import io.tidemark.contracts.files.write.WriteOptions;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Gap;
import io.tidemark.contracts.segment.HourManifest.SegmentFile;
import io.tidemark.contracts.segment.PathText;
import io.tidemark.contracts.segment.SegmentPath;
import io.tidemark.edge.log.HeadTable;
import io.tidemark.edge.log.StoredLog;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Turns one sealed log into its segments.
 *
 * <p>A first pass counts each partition; then as many partitions are written at once as the memory allows, with one
 * more pass for each such group. The same log gives the same files, so a conversion that was cut short is simply
 * done again.
 */
final class LogConversion {
    private static final Logger LOG = Logger.getLogger(LogConversion.class);
    private static final int MOST_WRITERS = 48;
    private static final int ROW_GROUP = 1 << 20;
    private static final int PER_WRITER = 96 << 10;

    /** Where a stream's events go in this pass; nowhere for those of another group. */
    private record Slot(@Nullable OpenSegment segment) {}

    private final StoredLog log;
    private final ReadyFolder ready;
    private final Path work;
    private final Path quarantine;
    private final SegmentSettings settings;
    private final WriteOptions options;
    private final LogWalk walk;
    private final List<SegmentFile> files = new ArrayList<>();
    private int begun;
    private long refused;

    LogConversion(StoredLog log, ReadyFolder ready, Path quarantine, SegmentSettings settings) {
        this.log = log;
        this.ready = ready;
        this.work = log.path().resolveSibling(log.path().getFileName() + ".convert");
        this.quarantine = quarantine.resolve("segment").resolve(PathText.encode(log.source()));
        this.settings = settings;
        this.walk = new LogWalk(log);
        WriteOptions.Codec codec = WriteOptions.Codec.of(settings.parquetCompression());
        this.options = new WriteOptions(codec, settings.parquetCompressionLevel(), ROW_GROUP);
    }

    /** The segments, published and synced; sorted by path. */
    List<SegmentFile> run() throws IOException {
        clean();
        Files.createDirectories(work);
        try {
            List<Partition> group = new ArrayList<>();
            long memory = 0;
            for (Partition partition : count()) {
                long needs = Math.min(2 * partition.bytes, 2L * ROW_GROUP) + PER_WRITER;
                if (!group.isEmpty()
                        && (memory + needs > (long) settings.memoryMb() << 20 || group.size() == MOST_WRITERS)) {
                    write(group);
                    group.clear();
                    memory = 0;
                }
                group.add(partition);
                memory += needs;
            }
            write(group);
            ready.sync();
        } finally {
            clean();
        }
        if (!walk.damage().isEmpty()) {
            keepDamaged();
        }
        files.sort(Comparator.comparing(SegmentFile::path));
        return files;
    }

    /** What the medium destroyed since the log was sealed. */
    Collection<Gap> damage() {
        return walk.damage().values();
    }

    /** Events that no file can hold; they are kept in quarantine. */
    long refused() {
        return refused;
    }

    private List<Partition> count() throws IOException {
        Map<Partition.Name, Partition> partitions = new LinkedHashMap<>();
        HeadTable<Partition> heads = new HeadTable<>(
                Integer.MAX_VALUE, stream -> partitions.computeIfAbsent(Partition.Name.of(stream), Partition::new));
        walk.run((block, at) -> heads.of(block, at).count(block.eventTime(at), block.sequence(at), block.length(at)));
        return new ArrayList<>(partitions.values());
    }

    private void write(List<Partition> group) throws IOException {
        Map<Partition.Name, OpenSegment> open = new LinkedHashMap<>();
        List<Partition> disordered = new ArrayList<>();
        try {
            for (Partition partition : group) {
                open.put(partition.name, begin(partition, partition.ordered));
            }
            HeadTable<Slot> heads =
                    new HeadTable<>(Integer.MAX_VALUE, stream -> new Slot(open.get(Partition.Name.of(stream))));
            walk.run((block, at) -> {
                OpenSegment segment = heads.of(block, at).segment();
                if (segment != null && !segment.isDisordered()) {
                    segment.add(block.event(at));
                }
            });
            for (OpenSegment segment : open.values()) {
                finish(segment);
                if (segment.isDisordered()) {
                    disordered.add(segment.partition);
                }
            }
        } finally {
            for (OpenSegment segment : open.values()) {
                segment.close();
            }
        }
        for (Partition partition : disordered) {
            sortOutside(partition);
        }
    }

    private void sortOutside(Partition partition) throws IOException {
        LOG.debugf("%s of %s is far out of order and is sorted outside of memory", partition.name, log);
        try (ExternalSort sort = new ExternalSort(work, (long) settings.memoryMb() << 19);
                OpenSegment segment = begin(partition, true)) {
            HeadTable<Boolean> heads = new HeadTable<>(
                    Integer.MAX_VALUE, stream -> Partition.Name.of(stream).equals(partition.name));
            walk.run((block, at) -> {
                if (heads.of(block, at)) {
                    sort.add(block.event(at));
                }
            });
            sort.drain(segment::add);
            finish(segment);
        }
    }

    private OpenSegment begin(Partition partition, boolean ordered) throws IOException {
        return new OpenSegment(
                work.resolve(begun++ + "." + settings.ending()), partition, ordered, options, this::keepRefused);
    }

    private void finish(OpenSegment segment) throws IOException {
        FileSummary summary = segment.finish();
        if (summary != null) {
            ReadyFolder.verify(segment.file(), summary);
            Partition.Name name = segment.partition.name;
            SegmentPath path = new SegmentPath(
                    name.connector(),
                    name.channel(),
                    log.source(),
                    name.symbol(),
                    log.hour(),
                    log.ordinal(),
                    settings.ending());
            files.add(ready.publish(segment.file(), path, summary));
        }
    }

    private void keepRefused(Envelope event, IllegalArgumentException reason) throws IOException {
        refused++;
        Files.createDirectories(quarantine);
        Path kept =
                quarantine.resolve(PathText.encode(Identity.of(event).toString().replace('/', '+')) + ".envelope");
        Files.write(kept, event.toByteArray());
        LOG.errorf("An event that no segment can hold is kept as %s: %s", kept, reason.getMessage());
    }

    /** The log itself will be deleted: what is left of its damaged blocks is kept. */
    private void keepDamaged() throws IOException {
        Files.createDirectories(quarantine);
        Path kept = quarantine.resolve(log.path().getFileName());
        Files.copy(log.path(), kept, StandardCopyOption.REPLACE_EXISTING);
    }

    private void clean() throws IOException {
        if (Files.isDirectory(work)) {
            try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(work)) {
                for (Path leftover : leftovers) {
                    Files.delete(leftover);
                }
            }
            Files.delete(work);
        }
    }
}
