package io.tidemark.local.count;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.topic.Topics;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Everything that was counted in one run, each number by its own means: nothing here is derived from
 * another place's number.
 *
 * @param emitted WebSocket frames handed out by the simulated exchange; absent with a real one
 * @param received WebSocket frames that the edge received
 * @param socketFrames WebSocket frames in the raw lake
 * @param channels per channel, in the order of their names
 * @param kafkaRecords records on all market topics, repeats included
 * @param repeatedRows rows of segments, raw lake and sealed lake beyond one per identity
 * @param barKeys distinct bars (vendor, symbol, timeframe, opening time) in the raw lake
 * @param bars rows in the legacy table
 * @param barsOhlcv rows in the provider table
 * @param differingBars bars whose values are not those of the raw lake's winning revision, over both tables
 * @param segmentFiles segments in {@code ready/}
 * @param syncedFiles segments in {@code lake/raw} that have a receipt
 * @param sealedFiles files of the sealed event lake
 * @param sqlRows what the Flight SQL JDBC driver answered to the count of all events
 * @param quarantined frames that the edge could not decode and set aside
 */
public record Counts(
        OptionalLong emitted,
        long received,
        long socketFrames,
        SortedMap<String, ChannelCounts> channels,
        long kafkaRecords,
        long repeatedRows,
        long barKeys,
        long bars,
        long barsOhlcv,
        long differingBars,
        long segmentFiles,
        long syncedFiles,
        long sealedFiles,
        long sqlRows,
        long quarantined,
        List<String> gaps,
        List<String> sessions) {

    public Counts {
        channels = new TreeMap<>(channels);
        gaps = List.copyOf(gaps);
        sessions = List.copyOf(sessions);
    }

    /** The sum over the channels of one kind. */
    public ChannelCounts of(Channel kind) {
        return sum(channel -> channel == kind);
    }

    /** All events but frames, and of these all that go to Kafka. */
    public ChannelCounts events() {
        return sum(channel -> channel != Channel.FRAMES);
    }

    ChannelCounts toKafka() {
        return sum(channel -> Topics.of(channel).isPresent());
    }

    private ChannelCounts sum(Predicate<Channel> wanted) {
        ChannelCounts sum = ChannelCounts.NONE;
        for (var entry : channels.entrySet()) {
            if (wanted.test(Channel.of(entry.getKey()))) {
                sum = sum.plus(entry.getValue());
            }
        }
        return sum;
    }
}
