package io.tidemark.edge.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.contracts.files.read.EventFileReader;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Gap;
import io.tidemark.edge.feed.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One venue does everything wrong; the other one's record shows nothing of it, and each hole of the first is named. */
class FaultyVenueIT {
    private static final String FAULTS = "skip@300x7,duplicate@600x2,reorder@900,garbage@1200x3,half-frame@1500,"
            + "disconnect@1800,close-24h@2100,refuse@2400x2:429:1s,huge-frame@2700:20MB,mute@3000:2s,flood@3300:1s,"
            + "slam@3600x3,skip@3900x1";

    @TempDir
    Path folder;

    private EdgeAndExchange programs;

    @BeforeEach
    void prepare() {
        programs = new EdgeAndExchange(folder);
    }

    @AfterEach
    void end() {
        programs.close();
    }

    private String feed(String name, String exchange, String symbol, boolean resume) {
        int port = programs.port(exchange);
        return """
                  %s: {venue: binance, symbols: [%s], url: "ws://127.0.0.1:%d", rest-url: "http://127.0.0.1:%d",
                    finite: true, resume: %s, reconnect-delay: 50ms}
                """.formatted(name, symbol, port, port, resume);
    }

    private JsonNode feed(String name) {
        return programs.status().path("feeds").path(name);
    }

    @Test
    void eachHoleIsNamedAndTheNeighbourIsUndisturbed() throws Exception {
        String[] market = {"--market", "--seconds", "60", "--speed", "6"};
        exchange("healthy", market, "--symbols", "BTCUSDT", "--seed", "1");
        exchange("faulty", market, "--symbols", "ETHUSDT", "--seed", "2", "--fault", FAULTS);
        programs.settings(
                "feeds:\n" + feed("good", "healthy", "BTCUSDT", true) + feed("bad", "faulty", "ETHUSDT", false));
        programs.edge();
        Await.until(() -> programs.log("edge"), () -> ended("good") && ended("bad"));

        JsonNode healthy = programs.get("healthy", "/admin/status");
        assertEquals(
                healthy.path("emitted").asLong(), feed("good").path("frames").asLong());
        assertEquals(0, feed("good").path("reconnects").asLong());
        assertEquals(0, feed("good").path("quarantined").asLong());

        JsonNode faulty = programs.get("faulty", "/admin/status");
        // Less the frame beyond max-frame-size, which the edge does not take.
        assertEquals(13, faulty.path("faults").size(), faulty.toString());
        assertEquals(
                faulty.path("emitted").asLong()
                        - faulty.path("withheld").asLong()
                        + faulty.path("added").asLong()
                        - faulty.path("unheard").asLong()
                        - 1,
                feed("bad").path("frames").asLong(),
                faulty.toString());
        assertEquals(3, feed("bad").path("quarantined").asLong(), "the three frames of garbage");
        assertTrue(feed("bad").path("reconnects").asLong() >= 6, feed("bad").toString());
        assertEquals(0, programs.stop("edge"));

        List<Envelope> events = events("bad");
        List<Gap> gaps =
                events.stream().filter(Envelope::hasGap).map(Envelope::getGap).toList();
        everyTradeIsThereOrNamed(events, gaps);
        everyChangeIsThereOrNamed(events, gaps);
        assertEquals(List.of(), events("good").stream().filter(Envelope::hasGap).toList());
    }

    private boolean ended(String name) {
        return feed(name).path("state").asText().equals("ENDED");
    }

    private void exchange(String name, String[] market, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(market));
        arguments.addAll(List.of(more));
        programs.exchange(name, arguments.toArray(new String[0]));
    }

    /** The model's trades have consecutive ids. */
    private static void everyTradeIsThereOrNamed(List<Envelope> events, List<Gap> gaps) {
        TreeSet<Long> ids = new TreeSet<>();
        events.stream()
                .filter(Envelope::hasTrade)
                .forEach(event -> ids.add(Long.parseLong(event.getTrade().getTradeId())));
        for (long id = ids.first(); id <= ids.last(); id++) {
            long missing = id;
            assertTrue(ids.contains(id) || gaps.stream().anyMatch(gap -> names(gap, "trades", missing)), "trade " + id);
        }
    }

    /** Its changes of depth follow on each other. */
    private static void everyChangeIsThereOrNamed(List<Envelope> events, List<Gap> gaps) {
        long last = -1;
        List<Envelope> changes = events.stream()
                .filter(Envelope::hasBookDelta)
                .sorted((a, b) -> Long.compare(
                        a.getBookDelta().getFirstUpdateId(), b.getBookDelta().getFirstUpdateId()))
                .toList();
        for (Envelope change : changes) {
            long first = change.getBookDelta().getFirstUpdateId();
            if (last >= 0 && first > last + 1) {
                long missing = last + 1;
                assertTrue(gaps.stream().anyMatch(gap -> names(gap, "book-deltas", missing)), "update " + missing);
            }
            last = Math.max(last, change.getBookDelta().getLastUpdateId());
        }
    }

    private static boolean names(Gap gap, String channel, long id) {
        return gap.getGapChannel().equals(channel) && gap.getExpectedId() <= id && id < gap.getReceivedId();
    }

    private List<Envelope> events(String source) throws IOException {
        List<Envelope> events = new ArrayList<>();
        try (Stream<Path> files = Files.walk(programs.data().resolve("raw").resolve("ready"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".parquet")).toList()) {
                if (file.toString().contains("exchange=" + source + "/")
                        && !file.toString().contains("/frames/")) {
                    try (EventFileReader reader = EventFileReader.open(file)) {
                        for (Envelope event = reader.next(); event != null; event = reader.next()) {
                            events.add(event);
                        }
                    }
                }
            }
        }
        return events;
    }
}
