package io.tidemark.local.count;

import io.tidemark.contracts.event.Channel;
import io.tidemark.contracts.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What has to hold at the end of a run: every event exactly once in every place where its kind is stored. */
public final class Equations {
    private Equations() {}

    /** All equations of a run, in the order of the flow. */
    public static List<Equation> of(Counts counts) {
        List<Equation> all = new ArrayList<>();
        counts.emitted()
                .ifPresent(emitted ->
                        all.add(new Equation("WebSocket frames emitted = received", emitted, counts.received())));
        all.add(new Equation("WebSocket frames received = in lake/raw", counts.received(), counts.socketFrames()));
        for (Map.Entry<String, ChannelCounts> entry : counts.channels().entrySet()) {
            addChannel(all, entry.getKey(), entry.getValue());
        }
        all.add(new Equation("rows beyond one per identity = 0", counts.repeatedRows(), 0));
        all.add(new Equation("bars in lake/raw (latest revision) = rows in bars", counts.barKeys(), counts.bars()));
        all.add(new Equation("rows in bars = rows in bars_ohlcv", counts.bars(), counts.barsOhlcv()));
        all.add(new Equation("rows that differ from the bars in lake/raw = 0", counts.differingBars(), 0));
        all.add(new Equation("segments = segments synced", counts.segmentFiles(), counts.syncedFiles()));
        all.add(new Equation(
                "rows in the sealed lake = answer of the JDBC driver",
                counts.events().sealed(),
                counts.sqlRows()));
        return all;
    }

    private static void addChannel(List<Equation> all, String channel, ChannelCounts n) {
        all.add(new Equation(channel + ": decoded = logged", n.decoded(), n.logged()));
        all.add(new Equation(channel + ": logged = rows in segments", n.logged(), n.segments()));
        all.add(new Equation(channel + ": rows in segments = rows in lake/raw", n.segments(), n.raw()));
        if (Channel.of(channel) != Channel.FRAMES) {
            all.add(new Equation(channel + ": rows in lake/raw = rows in the sealed lake", n.raw(), n.sealed()));
        }
        if (Topics.of(Channel.of(channel)).isPresent()) {
            all.add(new Equation(
                    channel + ": logged less conflated = identities on Kafka", n.logged() - n.conflated(), n.kafka()));
        }
    }

    /** Whether all of them hold, and there is something to hold: nothing received agrees with nothing. */
    public static boolean agree(Counts counts) {
        return counts.received() > 0 && of(counts).stream().allMatch(Equation::ok);
    }
}
