package io.tidemark.edge.check;

import io.tidemark.edge.log.LogTotals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the folder of an edge that was killed tells of it, as {@code GET /status} would: read from its logs. */
public final class FolderStatus {
    private FolderStatus() {}

    public static Map<String, Object> of(Path dataDir) throws IOException {
        if (!Files.isDirectory(dataDir.resolve("raw"))) {
            throw new IOException(dataDir + " is no edge's data folder: it has no folder raw");
        }
        FolderState state = new FolderState(dataDir, true);
        new ActiveCheck(state).run();
        Map<String, Object> feeds = new TreeMap<>();
        Map<String, Long> logged = new TreeMap<>();
        state.totals.forEach((source, totals) -> {
            feeds.put(source, feed(state, source, totals));
            totals.channels().forEach((channel, count) -> logged.merge(channel, count, Long::sum));
        });
        Map<String, Object> channels = new TreeMap<>();
        logged.forEach((channel, count) -> channels.put(channel, Map.of("decoded", count, "logged", count)));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("edge", "");
        all.put("stopped-in-order", false);
        all.put("feeds", feeds);
        all.put("channels", channels);
        all.put("segments", Map.of("files", segments(dataDir)));
        return all;
    }

    private static Map<String, Object> feed(FolderState state, String source, LogTotals totals) {
        Map<String, Object> feed = new LinkedHashMap<>();
        feed.put("state", "STOPPED");
        feed.put("frames", totals.webSocketFrames());
        feed.put("gaps", totals.of("gaps"));
        feed.put("last-frame-time", state.lastReceive.getOrDefault(source, 0L));
        feed.put("last-error", "the edge was killed");
        return feed;
    }

    private static long segments(Path dataDir) throws IOException {
        Path ready = dataDir.resolve("raw").resolve("ready");
        if (!Files.isDirectory(ready)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(ready)) {
            return all.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".parquet") || name.endsWith(".ndjson.zst"))
                    .count();
        }
    }
}
