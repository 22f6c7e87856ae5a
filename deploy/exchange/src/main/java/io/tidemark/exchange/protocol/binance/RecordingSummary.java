package io.tidemark.exchange.protocol.binance;

import io.tidemark.exchange.recording.Recording;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a look through all lines of a recording found.
 *
 * @param lines lines of any kind that hold something
 * @param frames WebSocket market frames
 * @param byStream market frames by stream, names in normal spelling
 * @param symbols the venue's spelling; those of frames and of depth answers
 * @param depthAnswers recorded REST depth answers by symbol; {@code ?} where none could be told
 * @param otherAnswers REST answers to other requests
 * @param acknowledgements answers to SUBSCRIBE and the like, and in segments what nobody can read; not emitted
 * @param depthHoles places by symbol where depth changes are missing
 * @param firstNanos receipt time of the first line that has one; null if none has
 * @param snapshots by symbol, in order, the depth answers a replay needs
 */
record RecordingSummary(
        List<Recording> files,
        long lines,
        long frames,
        Map<String, Long> byStream,
        List<String> symbols,
        Map<String, Long> depthAnswers,
        long otherAnswers,
        long acknowledgements,
        Map<String, Long> depthHoles,
        @Nullable Long firstNanos,
        @Nullable Long lastNanos,
        Map<String, List<Snapshot>> snapshots) {}
