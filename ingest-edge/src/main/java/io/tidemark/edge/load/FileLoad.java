package io.tidemark.edge.load;

import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.log.EventLog;
import io.tidemark.edge.log.Journal;
import io.tidemark.edge.log.LogStore;
import io.tidemark.edge.poll.Fields;
import io.tidemark.edge.poll.Key;
import io.tidemark.edge.poll.RecordSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Loads files into one source's log, each once.
 *
 * <p>A file is read twice: first whole, to know that it can be read to its end and what it holds; then into the log,
 * from where an earlier run was killed. A file that cannot be read leaves no record behind. Used by one thread.
 */
public final class FileLoad {
    private static final int BATCH = 200;
    private static final long PROGRESS = 5_000;

    /** A record that was refused. */
    public record Rejected(String file, String position, String reason, String detail) {}

    /** What a first reading shows. */
    public record Survey(String sha256, long records, long rounded, List<Rejected> rejected, long rejectedInAll) {}

    private FileLoad() {}

    /** Whether a map of columns may name such a field. */
    public static boolean isField(String field) {
        return BarRows.isField(field);
    }

    /** Reads the file to its end and keeps nothing. Throws {@link LoadFailure} when it cannot be read. */
    public static Survey survey(Path path, LoadOptions options, int rejectedKept) throws LoadFailure {
        InputFile file = new InputFile(path);
        Counting counting = new Counting(path.toString(), rejectedKept);
        try {
            String sha256 = file.sha256();
            Readers.read(file, options, counting);
            return new Survey(sha256, counting.records, counting.rounded, counting.rejected, counting.rejectedInAll);
        } catch (BadFrameException e) {
            throw new LoadFailure(path + ": " + e.getMessage());
        } catch (java.nio.file.NoSuchFileException e) {
            throw new LoadFailure(path + ": there is no such file");
        } catch (IOException | IllegalArgumentException e) {
            throw new LoadFailure(path + ": " + e.getMessage());
        }
    }

    private static boolean isRounded(Envelope body) {
        return body.getBar().getRounded()
                || body.getOption().getRounded()
                || body.getFundamental().getRounded();
    }

    private static final class Counting implements RecordSink {
        private final String file;
        private final int kept;
        private final List<Rejected> rejected = new ArrayList<>();
        private long records;
        private long rounded;
        private long rejectedInAll;

        private Counting(String file, int kept) {
            this.file = file;
            this.kept = kept;
        }

        @Override
        public void event(Target target, long exchangeTime, Envelope body) {
            records++;
            rounded += isRounded(body) ? 1 : 0;
        }

        @Override
        public void bad(BadFrameException why, String record, String position) {
            rejectedInAll++;
            if (rejected.size() < kept) {
                rejected.add(new Rejected(file, position, why.reason().tag(), String.valueOf(why.getMessage())));
            }
        }
    }

    /** The records of a source that its log holds; what the log tells of itself is not among them. */
    static long recordsOf(Map<String, Long> channels) {
        return channels.entrySet().stream()
                .filter(channel -> !channel.getKey().equals("gaps"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** One source of a data folder. */
    public static final class Into {
        private final LogStore store;
        private final EventLog log;
        private final LoadJournal journal;
        private final LoadOptions options;
        private final InstantSource clock;

        /** Opens the source's log. */
        public Into(LogStore store, LoadOptions options, InstantSource clock) throws IOException {
            String source = options.source();
            long survived = store.sources().contains(source)
                    ? recordsOf(store.totals(source).channels())
                    : 0;
            this.store = store;
            this.options = options;
            this.clock = clock;
            this.journal = new LoadJournal(
                    store.dataDir().resolve("state").resolve("load").resolve(source), survived);
            this.log = store.openQuietly(source);
        }

        /** {@code progress} is told of each few thousand records that the file's reading has passed. */
        public FileReport load(Path path, Survey survey, LongConsumer progress) throws IOException, LoadFailure {
            String signature = Key.of(options.signature()).toString();
            LoadJournal.Before before = journal.before(survey.sha256());
            if (!before.signature().isEmpty() && !before.signature().equals(signature)) {
                throw new LoadFailure(path + ": an earlier run "
                        + (before.whole() ? "loaded it" : "began it")
                        + " into " + options.source() + " with other options; load it into a source of another name");
            }
            if (before.whole()) {
                return report(path, survey, 0, true);
            }
            if (before.records() > survey.records()) {
                throw new LoadFailure(path + ": the log of " + options.source() + " holds " + before.records()
                        + " records of it, more than the file has");
            }
            journal.begin(recordsOf(log.committed().channels()), survey.sha256(), signature);
            Recording recording = new Recording(path, survey, before.records(), progress, store, log, options, clock);
            try (RejectedFile rejected = recording.rejected) {
                Readers.read(new InputFile(path), options, recording);
                recording.commit();
                rejected.finish();
            } catch (BadFrameException e) {
                throw new LoadFailure(path + ": it has changed while it was read: " + e.getMessage());
            }
            if (recording.seen != survey.records() || recording.refused != survey.rejectedInAll()) {
                throw new LoadFailure(path + ": it has changed while it was read");
            }
            journal.end(recordsOf(log.committed().channels()), survey.sha256(), survey.records());
            return report(path, survey, survey.records() - before.records(), false);
        }

        private static FileReport report(Path path, Survey survey, long loaded, boolean already) {
            return new FileReport(
                    path.toString(),
                    survey.sha256(),
                    survey.records(),
                    loaded,
                    survey.rejectedInAll(),
                    survey.rounded(),
                    already);
        }
    }

    private static final class Recording implements RecordSink {
        private final long known;
        private final LongConsumer progress;
        private final EventLog log;
        private final InstantSource clock;
        private final RejectedFile rejected;
        private long seen;
        private long refused;
        private int open;
        private long receiveTime;

        private Recording(
                Path path,
                Survey survey,
                long known,
                LongConsumer progress,
                LogStore store,
                EventLog log,
                LoadOptions options,
                InstantSource clock)
                throws IOException {
            this.known = known;
            this.progress = progress;
            this.log = log;
            this.clock = clock;
            this.rejected = new RejectedFile(
                    store.dataDir().resolve("quarantine").resolve(options.source()), path, survey.sha256());
        }

        @Override
        public void event(Target target, long exchangeTime, Envelope body) {
            seen++;
            if (seen % PROGRESS == 0) {
                progress.accept(seen);
            }
            if (seen <= known) {
                return;
            }
            if (open == 0) {
                receiveTime = Fields.nanos(clock.instant());
            }
            Journal.Stream stream = log.stream(target.channel(), target.symbol(), target.venueSymbol(), Connector.LOAD);
            log.encoder().encode(stream.head(), stream.sequence(), receiveTime, exchangeTime, body);
            log.add(stream);
            if (++open == BATCH) {
                commit();
            }
        }

        private void commit() {
            if (open > 0) {
                log.commit();
                open = 0;
            }
        }

        @Override
        public void bad(BadFrameException why, String record, String position) {
            refused++;
            rejected.add(why, record.getBytes(StandardCharsets.UTF_8), position);
        }
    }
}
