package io.tidemark.edge.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.tidemark.edge.bars.BarBuilder;
import io.tidemark.edge.feed.IntakeRig;
import io.tidemark.edge.feed.Settings;
import io.tidemark.edge.feed.VenuePlan;
import io.tidemark.edge.forward.RecordEncoding;
import io.tidemark.edge.log.EventLog;
import io.tidemark.edge.log.LogFixture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The program behind {@link FramePathBenchmark}: one recording in memory, over and over, first merely read by Jackson
 * with all its decimals, then through the whole path from frame bytes to log block and encoded Kafka batches.
 *
 * <p>Arguments: venue, folder of its recordings, symbols, streams, seconds of a round, a scratch folder.
 */
final class FramePath {
    private static final int LARGEST = 1_000_000;
    private static final int ROUNDS = 3;
    private static final JsonFactory JSON = new JsonFactory();

    private static long sink;

    private final List<byte[]> frames = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private final VenuePlan plan;
    private final Path scratch;

    private FramePath(VenuePlan plan, Path scratch) {
        this.plan = plan;
        this.scratch = scratch;
    }

    public static void main(String[] arguments) throws Exception {
        String venue = arguments[0];
        VenuePlan plan = Venues.of(venue)
                .orElseThrow()
                .plan("binance", Settings.feed(Map.of("symbols", arguments[2], "streams", arguments[3])), mistake -> {
                    throw new IllegalArgumentException(mistake);
                });
        FramePath path = new FramePath(plan, Path.of(arguments[5]));
        path.load(Path.of(arguments[1]));
        double seconds = Double.parseDouble(arguments[4]);
        double ceiling = best(seconds, path::readOnly);
        double ours;
        double allocated;
        try (WholePath whole = path.new WholePath()) {
            ours = best(seconds, whole);
            allocated = whole.allocated;
        }
        System.out.printf(
                Locale.ROOT,
                "{\"benchmark\":\"frame-path\",\"venue\":\"%s\",\"frames\":%d,\"bytes_per_frame\":%d,"
                        + "\"jackson_decimals_frames_per_s\":%.0f,\"path_frames_per_s\":%.0f,\"ratio\":%.3f,"
                        + "\"allocated_bytes_per_frame\":%.0f}%n",
                venue,
                path.frames.size(),
                path.frames.stream().mapToLong(f -> f.length).sum() / path.frames.size(),
                ceiling,
                ours,
                ours / ceiling,
                allocated);
        System.err.println("checksum " + sink);
        System.exit(0);
    }

    /** One pass over the recording; the frames in it. */
    private interface Pass {
        long run() throws Exception;
    }

    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /**
     * The best of some rounds, after one that warms up; by the processor time of the whole process, so that others on
     * the machine change little.
     */
    private static double best(double seconds, Pass pass) throws Exception {
        double best = 0;
        for (int round = 0; round <= ROUNDS; round++) {
            long count = 0;
            long begin = processorNanos();
            long end;
            do {
                count += pass.run();
                end = processorNanos();
            } while (end - begin < seconds * 1e9);
            if (round > 0) {
                best = Math.max(best, count * 1e9 / (end - begin));
            }
        }
        return best;
    }

    private long readOnly() throws IOException {
        for (byte[] frame : frames) {
            try (JsonParser json = JSON.createParser(frame)) {
                for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                    if (token == JsonToken.VALUE_NUMBER_INT) {
                        sink += json.getNumberValue().longValue();
                    } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
                        sink += json.getDecimalValue().scale();
                    } else if (token == JsonToken.VALUE_STRING) {
                        char[] text = json.getTextCharacters();
                        int from = json.getTextOffset();
                        int length = json.getTextLength();
                        if (isDecimal(text, from, length)) {
                            sink += new BigDecimal(text, from, length).scale();
                        }
                    }
                }
            }
        }
        return frames.size();
    }

    private static boolean isDecimal(char[] text, int from, int length) {
        if (length == 0 || length > 40) {
            return false;
        }
        int digits = 0;
        int points = 0;
        for (int i = from; i < from + length; i++) {
            if (text[i] >= '0' && text[i] <= '9') {
                digits++;
            } else if (text[i] == '.') {
                points++;
            } else if (i > from || text[i] != '-') {
                return false;
            }
        }
        return digits > 0 && points < 2;
    }

    /** One log for all passes. Each pass begins with new books, ids and bars, so that nothing is passed over as known. */
    private final class WholePath implements Pass, AutoCloseable {
        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        private final LogFixture edge = LogFixture.unsynced(scratch);
        private final EventLog log = edge.store.open(LogFixture.SOURCE);
        private final RecordEncoding kafka = new RecordEncoding(edge.store, LogFixture.SOURCE);
        private final boolean encode = !Boolean.getBoolean("nokafka");
        private double allocated;

        WholePath() throws IOException {}

        @Override
        public long run() throws Exception {
            long before = threads.getCurrentThreadAllocatedBytes();
            IntakeRig rig = new IntakeRig(
                    scratch,
                    log,
                    recorder -> new BarBuilder(List.of("1s", "1m"), Duration.ofSeconds(2), 8, recorder),
                    recorder -> plan.open(recorder, new Random(1)));
            rig.open();
            int count = 0;
            int answer = 0;
            for (byte[] frame : frames) {
                rig.frame(frame, 0, frame.length);
                if (!rig.questions.isEmpty() && answer < answers.size()) {
                    rig.answer(rig.questions.remove(), answers.get(answer++));
                }
                if (++count % 512 == 0) {
                    edge.pass(Duration.ofMillis(10));
                    drain();
                }
            }
            edge.pass(Duration.ofMillis(300));
            drain();
            if (!rig.bad.isEmpty()) {
                throw new IllegalStateException("quarantined: " + rig.bad);
            }
            allocated = (threads.getCurrentThreadAllocatedBytes() - before) / (double) count;
            sink += kafka.bytes();
            return count;
        }

        private void drain() throws IOException {
            if (encode) {
                kafka.drain();
            }
        }

        @Override
        public void close() throws IOException {
            kafka.close();
            log.close();
            edge.close();
        }
    }

    /** Numbered lines (gzip) or lines of JSON (zstd); frames over 1 MB are left out on both sides. */
    private void load(Path folder) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                boolean json = file.toString().endsWith(".zst");
                try (InputStream raw = Files.newInputStream(file);
                        InputStream in = json ? new ZstdInputStream(raw) : new GZIPInputStream(raw);
                        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                        if (json) {
                            JsonNode node = mapper.readTree(line);
                            if (node.path("t").asText().equals("recv")) {
                                add(node.path("data").asText());
                            }
                        } else {
                            add(line.substring(line.indexOf(' ') + 1));
                        }
                    }
                }
            }
        }
    }

    private void add(String text) {
        if (text.startsWith("{\"lastUpdateId\"")) {
            answers.add(text);
        } else if (text.length() <= LARGEST) {
            frames.add(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
