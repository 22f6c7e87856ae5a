package io.tidemark.edge.log;

import io.tidemark.contracts.event.Channel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes one source's folder whole before the first frame: every log is checked, cut behind its last good block and
 * sealed; what cannot be read at all goes to quarantine.
 *
 * <p>Never refuses a start because of a bad file. Safe to be killed at any point and run again. A log that has its
 * seal was synced as a whole, so only the seal is proved here; its blocks are when they are read.
 */
final class LogRecovery {
    private static final Logger LOG = Logger.getLogger(LogRecovery.class);
    private static final Pattern NAME = Pattern.compile("(\\d{10,19})\\.log");
    private static final Pattern PART_NAME = Pattern.compile("(\\d{10,19})\\.log\\.part");

    /**
     * What was found in one source's folder.
     *
     * @param logs that can be read
     * @param tornBytes cut off behind last good blocks, kept in quarantine
     * @param quarantined files that could not be read at all
     * @param lastReceive of the newest record that survived; 0 when there is none
     * @param findings one sentence per log that was not whole
     */
    record Report(String source, int logs, long tornBytes, int quarantined, long lastReceive, List<String> findings) {}

    private final LogFolder folder;
    private final Path quarantine;
    private final List<StoredLog> found = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private LogTotals totals = LogTotals.NONE;
    private long tornBytes;
    private int quarantined;
    private long lastReceive;
    private long highestOrdinal = -1;
    private long begunOrdinal = -1;
    private final List<Path> parts = new ArrayList<>();

    private LogRecovery(LogFolder folder, Path quarantine) {
        this.folder = folder;
        this.quarantine = quarantine.resolve("log").resolve(folder.path().getFileName());
    }

    static Report recover(LogFolder folder, Path quarantine) throws IOException {
        return new LogRecovery(folder, quarantine).run();
    }

    private Report run() throws IOException {
        SortedMap<Long, Path> files = list();
        Map<Long, Long> cuts = new HashMap<>();
        SortedMap<Long, LogHeader> headers = new TreeMap<>();
        for (Map.Entry<Long, Path> file : files.entrySet()) {
            highestOrdinal = file.getKey();
            try (LogReader reader = new LogReader(file.getValue())) {
                LogHeader header = reader.header();
                if (header.ordinal() != file.getKey() || !header.source().equals(folder.source())) {
                    throw new DamagedLogException(
                            file.getValue(), 0, "it is log " + header.ordinal() + " of " + header.source());
                }
                headers.put(file.getKey(), header);
                if (header.cutOrdinal() >= 0) {
                    cuts.put(header.cutOrdinal(), header.cutLength());
                }
            } catch (IOException e) {
                setAside(file.getValue(), e);
            }
        }
        headers.forEach((ordinal, header) -> {
            Path file = files.get(ordinal);
            if (file != null) {
                check(file, header, cuts.get(ordinal));
            }
        });
        folder.recovered(found, totals, highestOrdinal, begunOrdinal);
        for (Path part : parts) {
            Files.deleteIfExists(part);
        }
        return new Report(folder.source(), found.size(), tornBytes, quarantined, lastReceive, List.copyOf(findings));
    }

    private SortedMap<Long, Path> list() throws IOException {
        SortedMap<Long, Path> files = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.path())) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                Matcher match = NAME.matcher(name);
                if (match.matches()) {
                    files.put(Long.parseLong(match.group(1)), entry);
                } else if (name.endsWith(LogFolder.PART)) {
                    parts.add(entry);
                    Matcher begun = PART_NAME.matcher(name);
                    begunOrdinal =
                            begun.matches() ? Math.max(begunOrdinal, Long.parseLong(begun.group(1))) : begunOrdinal;
                }
            }
        }
        return files;
    }

    private void check(Path file, LogHeader header, @Nullable Long cut) {
        StoredLog log;
        try (LogReader reader = new LogReader(file)) {
            LogBlock seal = cut == null ? reader.seal() : null;
            if (seal != null) {
                totals = LogFormat.sealTotals(seal.bytes(), seal.end());
                lastReceive = Math.max(lastReceive, seal.head().lastReceive());
                log = new StoredLog(file, header, reader.fileLength());
            } else {
                log = new StoredLog(file, header, scan(reader, cut));
            }
        } catch (IOException e) {
            setAside(file, e);
            return;
        } catch (RuntimeException e) {
            // Whole by its checksums, and yet not what this version writes.
            setAside(file, new IOException(file + ": " + e, e));
            return;
        }
        log.seal();
        found.add(log);
    }

    /** Reads every block, cuts behind the last good one and seals; returns the log's length then. */
    private long scan(LogReader reader, @Nullable Long cut) throws IOException {
        long limit = cut == null ? reader.fileLength() : Math.min(cut, reader.fileLength());
        long good = reader.firstBlock();
        long records = 0;
        long frames = 0;
        long last = 0;
        boolean sealed = false;
        Map<String, Long> counts = new TreeMap<>();
        try {
            for (LogBlock block = reader.block(good, limit); block != null; block = reader.block(good, limit)) {
                if (block.head().firstRecord() != records) {
                    throw new DamagedLogException(reader.path(), good, "a block is missing before this one");
                }
                sealed = block.head().isSeal();
                if (!sealed) {
                    for (int at = block.first(); at < block.end(); at = block.next(at)) {
                        String channel = channelName(block, at);
                        counts.merge(channel, 1L, Long::sum);
                        frames += block.isWebSocketFrame(at) ? 1 : 0;
                    }
                    last = Math.max(last, block.head().lastReceive());
                }
                records += block.head().records();
                good = block.head().next();
                if (sealed) {
                    break;
                }
            }
        } catch (DamagedLogException e) {
            findings.add(e.getMessage() + "; " + records + " records stand before it");
        }
        if (good < limit) {
            keepTail(reader.path(), good, limit);
        }
        totals = reader.header().before().plus(counts, frames);
        lastReceive = Math.max(lastReceive, last);
        return finish(reader.path(), good, sealed ? null : LogFormat.seal(totals, records, last));
    }

    private static String channelName(LogBlock block, int at) {
        // Only bars need the name itself, a kind stands for many of their channels.
        Channel channel = block.channel(at);
        return channel.isBars() ? block.event(at).getChannel() : channel.label();
    }

    private long finish(Path file, long good, byte @Nullable [] seal) {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(good);
            if (seal != null) {
                out.seek(good);
                out.write(seal);
            }
            out.getFD().sync();
            return good + (seal == null ? 0 : seal.length);
        } catch (IOException e) {
            // A full disk, say: it can be read up to there all the same.
            LOG.warnf("%s could not be sealed: %s", file, e.getMessage());
            return good;
        }
    }

    private void keepTail(Path file, long from, long limit) {
        tornBytes += limit - from;
        findings.add(file + ": " + (limit - from) + " bytes behind byte " + from + " were cut off");
        try {
            Files.createDirectories(quarantine);
            Path tail = quarantine.resolve(file.getFileName() + ".tail-" + from);
            try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
                    FileChannel out = FileChannel.open(
                            tail,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                for (long at = from; at < limit; ) {
                    long moved = in.transferTo(at, limit - at, out);
                    if (moved <= 0) {
                        break;
                    }
                    at += moved;
                }
                out.force(true);
            }
        } catch (IOException e) {
            LOG.warnf("The torn tail of %s could not be kept: %s", file, e.getMessage());
        }
    }

    private void setAside(Path file, IOException reason) {
        quarantined++;
        findings.add("moved to quarantine: " + reason.getMessage());
        try {
            Files.createDirectories(quarantine);
            Path target = quarantine.resolve(file.getFileName());
            for (int i = 1; Files.exists(target); i++) {
                target = quarantine.resolve(file.getFileName() + "." + i);
            }
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warnf("%s could not be moved to quarantine: %s", file, e.getMessage());
        }
    }
}
