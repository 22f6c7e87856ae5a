package io.tidemark.store.write;

import com.google.protobuf.InvalidProtocolBufferException;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.json.CanonicalJson;
import io.tidemark.contracts.proto.Envelope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Identities as ranges of sequences per stream and incarnation. Used under the coordinator's lock.
 *
 * <p>Bounded: when there are too many ranges, a stream's new range becomes one with its last, whose count then
 * says that not all within it were dropped.
 */
public final class DroppedIdentities {
    private static final int MOST_RANGES = 10_000;

    private record Stream(String edge, long incarnation, String source, String channel, String symbol) {}

    private static final class Range {
        final long first;
        long last;
        long count;

        Range(long first, long last, long count) {
            this.first = first;
            this.last = last;
            this.count = count;
        }
    }

    private final Map<Stream, List<Range>> streams = new LinkedHashMap<>();
    private int ranges;
    private long records;

    DroppedIdentities() {}

    void add(Inbound record) {
        records++;
        if (record.value() == null) {
            return;
        }
        try {
            Identity name = Identity.of(Envelope.parseFrom(record.value()));
            add(
                    new Stream(name.edge(), name.incarnation(), name.source(), name.channel(), name.symbol()),
                    new Range(name.sequence(), name.sequence(), 1));
        } catch (InvalidProtocolBufferException e) {
            // What has no identity is named by its offset alone.
        }
    }

    void add(DroppedIdentities later) {
        records += later.records;
        later.streams.forEach((stream, more) -> more.forEach(range -> add(stream, range)));
    }

    private void add(Stream stream, Range range) {
        List<Range> known = streams.computeIfAbsent(stream, ignored -> new ArrayList<>());
        Range last = known.isEmpty() ? null : known.get(known.size() - 1);
        if (last != null && range.first > last.last && (range.first == last.last + 1 || ranges >= MOST_RANGES)) {
            last.last = range.last;
            last.count += range.count;
        } else {
            known.add(range);
            ranges++;
        }
    }

    long records() {
        return records;
    }

    /** {@code [{"edge", "incarnation", "source", "channel", "symbol", "first", "last", "count"}]}. */
    public String json() {
        List<Object> all = new ArrayList<>();
        streams.forEach((stream, known) -> {
            for (Range range : known) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("edge", stream.edge.replace('\0', '?'));
                entry.put("incarnation", stream.incarnation);
                entry.put("source", stream.source.replace('\0', '?'));
                entry.put("channel", stream.channel.replace('\0', '?'));
                entry.put("symbol", stream.symbol.replace('\0', '?'));
                entry.put("first", range.first);
                entry.put("last", range.last);
                entry.put("count", range.count);
                all.add(entry);
            }
        });
        return CanonicalJson.text(all);
    }
}
