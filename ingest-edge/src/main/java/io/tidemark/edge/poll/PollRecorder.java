package io.tidemark.edge.poll;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.event.Connector;
import io.tidemark.contracts.event.EventEncoder;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.FrameKind;
import io.tidemark.contracts.proto.Session;
import io.tidemark.contracts.proto.SessionChange;
import io.tidemark.edge.feed.BadFrameException;
import io.tidemark.edge.feed.Quarantine;
import io.tidemark.edge.log.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Writes one answer and the new ones of its records as one batch of the log, and remembers them after it was taken.
 *
 * <p>Used by the source's thread only. A commit that fails has recorded and remembered nothing.
 */
final class PollRecorder implements RecordSink {
    /** Refused records are remembered like a stream's, so that each goes to quarantine once. */
    private static final String REFUSED = "refused";

    private record Place(String channel, String symbol) {}

    private static final class Touched {
        private final List<Key> added = new ArrayList<>();
        private final Set<Key> seen = new HashSet<>();
        private long newest = EventEncoder.ABSENT;
    }

    private record Refused(BadFrameException why, String record, String position) {}

    private final Journal journal;
    private final PollMemory memory;
    private final Quarantine quarantine;
    private final PollMetrics metrics;
    private final LongSupplier recordsInAll;
    private final Map<Place, Touched> touched = new LinkedHashMap<>();
    private final List<Refused> refused = new ArrayList<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private long receiveTime;
    private long duplicates;
    private long rounded;
    private long added;

    /** {@code recordsInAll}: of the source, committed and of all incarnations. */
    PollRecorder(
            Journal journal, PollMemory memory, Quarantine quarantine, PollMetrics metrics, LongSupplier recordsInAll) {
        this.journal = journal;
        this.memory = memory;
        this.quarantine = quarantine;
        this.metrics = metrics;
        this.recordsInAll = recordsInAll;
    }

    /** Begins the batch of an answer with its bytes. */
    void begin(long newReceiveTime, PollRequest request, byte[] body) {
        receiveTime = newReceiveTime;
        counts.clear();
        forget();
        Journal.Stream frames =
                journal.stream(Channel.FRAMES.label(), request.symbol(), request.venueSymbol(), Connector.REST);
        journal.encoder()
                .frame(
                        frames.head(),
                        frames.sequence(),
                        receiveTime,
                        FrameKind.FRAME_KIND_TEXT,
                        body,
                        0,
                        body.length,
                        request.asked());
        journal.add(frames);
        counts.merge(Channel.FRAMES.label(), 1L, Long::sum);
        journal.mark();
    }

    private void forget() {
        touched.clear();
        refused.clear();
        duplicates = 0;
        rounded = 0;
        added = 0;
    }

    @Override
    public void event(Target target, long exchangeTime, Envelope body) {
        Key key = Key.of(target.channel(), target.symbol(), exchangeTime, body);
        Touched place = touched.computeIfAbsent(new Place(target.channel(), target.symbol()), name -> new Touched());
        place.newest = Math.max(place.newest, exchangeTime);
        try {
            if (!place.seen.add(key) || memory.knows(target.channel(), target.symbol(), key)) {
                duplicates++;
                return;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        place.added.add(key);
        Journal.Stream stream = journal.stream(target.channel(), target.symbol(), target.venueSymbol(), Connector.REST);
        journal.encoder().encode(stream.head(), stream.sequence(), receiveTime, exchangeTime, body);
        journal.add(stream);
        counts.merge(target.channel(), 1L, Long::sum);
        added++;
        if (body.getBar().getRounded()
                || body.getOption().getRounded()
                || body.getFundamental().getRounded()) {
            rounded++;
        }
    }

    @Override
    public void bad(BadFrameException why, String record, String position) {
        refused.add(new Refused(why, record, position));
    }

    /** The answer as a whole cannot be taken: only its bytes stay in the batch. */
    void rollback() {
        journal.rollback();
        forget();
        counts.keySet().removeIf(channel -> !channel.equals(Channel.FRAMES.label()));
    }

    /** Of the whole source; a part of the next commit, or a batch of its own. */
    void session(SessionChange change, String detail, long time) {
        Journal.Stream stream = journal.stream(Channel.SESSIONS.label(), Channel.WHOLE_CONNECTION, "", Connector.REST);
        journal.encoder()
                .encode(
                        stream.head(),
                        stream.sequence(),
                        time,
                        EventEncoder.ABSENT,
                        Envelope.newBuilder()
                                .setSession(
                                        Session.newBuilder().setChange(change).setDetail(detail))
                                .build());
        journal.add(stream);
        counts.merge(Channel.SESSIONS.label(), 1L, Long::sum);
    }

    /** A session event that stands alone. */
    void commitSession(SessionChange change, String detail, long time) {
        counts.clear();
        forget();
        session(change, detail, time);
        journal.commit();
        counts.forEach(metrics::committed);
    }

    /** Says how many records were new. Throws {@code LogUnavailableException} when nothing was taken. */
    long commit(PollRequest request, PollMemory.Conditions answer) throws IOException {
        journal.commit();
        counts.forEach(metrics::committed);
        metrics.records.addAndGet(added);
        metrics.duplicates.addAndGet(duplicates);
        metrics.rounded.addAndGet(rounded);
        long records = recordsInAll.getAsLong();
        keepRefused(records);
        for (Map.Entry<Place, Touched> entry : touched.entrySet()) {
            Touched place = entry.getValue();
            memory.remember(
                    records, entry.getKey().channel(), entry.getKey().symbol(), place.added, place.seen, place.newest);
        }
        // Last: a server that is told "I have it" must not be told so before the keys are noted.
        memory.remember(records, request.id(), answer);
        return added;
    }

    private void keepRefused(long records) throws IOException {
        List<Key> kept = new ArrayList<>();
        Set<Key> seen = new HashSet<>();
        for (Refused one : refused) {
            Key key = Key.of(one.record());
            if (seen.add(key) && !memory.knows(REFUSED, Channel.WHOLE_CONNECTION, key)) {
                kept.add(key);
                byte[] bytes = one.record().getBytes(StandardCharsets.UTF_8);
                quarantine.put(
                        new BadFrameException(
                                one.why().reason(),
                                one.position() + ": " + one.why().getMessage()),
                        receiveTime,
                        records,
                        bytes,
                        0,
                        bytes.length);
            }
        }
        if (!seen.isEmpty()) {
            memory.remember(records, REFUSED, Channel.WHOLE_CONNECTION, kept, seen, EventEncoder.ABSENT);
        }
    }
}
