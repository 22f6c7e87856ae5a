package io.tidemark.lake.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.contracts.event.Events;
import io.tidemark.contracts.event.Identity;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Quote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortedEventsTest {
    @TempDir
    Path folder;

    @Test
    void manyRunsAreMergedInOrderAndRemoved() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Envelope> events = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            events.add(Envelope.newBuilder()
                    .setEdge("pi-" + random.nextInt(3))
                    .setIncarnation(random.nextInt(3))
                    .setSource("s")
                    .setChannel(random.nextBoolean() ? "quotes" : "trades")
                    .setSymbol("X")
                    .setSequence(i)
                    .setReceiveTime(random.nextInt(2_000))
                    .setQuote(Quote.newBuilder().setUpdateId(i))
                    .build());
        }
        List<Envelope> sorted = new ArrayList<>();
        try (SortedEvents sort = new SortedEvents(folder, "s", 20_000)) {
            for (Envelope event : events) {
                sort.add(event);
            }
            assertTrue(sort.runs() > SortedEvents.MAX_RUNS, sort.runs() + " runs");
            sort.forEach((time, stream, event) -> sorted.add(event));
        }
        events.sort(Comparator.comparingLong(Events::eventTime).thenComparing(Identity::of));
        assertEquals(events, sorted);
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }
}
