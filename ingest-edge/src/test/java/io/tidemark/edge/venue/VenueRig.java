package io.tidemark.edge.venue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tidemark.contracts.proto.Envelope;
import io.tidemark.edge.Recordings.Received;
import io.tidemark.edge.bars.BarBuilder;
import io.tidemark.edge.feed.IntakeRig;
import io.tidemark.edge.feed.Settings;
import io.tidemark.edge.feed.VenuePlan;
import io.tidemark.edge.feed.VenueProtocol;
import io.tidemark.edge.log.MemoryJournal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One venue behind its intake, with bars, fed by hand or from a recording. */
public final class VenueRig {
    public final MemoryJournal journal = new MemoryJournal("venue");
    public final IntakeRig rig;

    public VenueRig(Path folder, VenueProtocol protocol, Map<String, String> settings) {
        List<String> mistakes = new ArrayList<>();
        VenuePlan plan = protocol.plan(protocol.label(), Settings.feed(settings), mistakes::add);
        assertEquals(List.of(), mistakes);
        rig = new IntakeRig(
                folder,
                journal,
                recorder -> new BarBuilder(List.of("1s", "1m"), Duration.ofSeconds(2), 8, recorder),
                recorder -> plan.open(recorder, new Random(1)));
        rig.open();
    }

    public VenueRig play(List<Received> messages) {
        for (Received message : messages) {
            rig.clock.set(message.time());
            rig.frame(message.text());
        }
        return this;
    }

    /** Lets pass the time that everything put off waits for. */
    public void drain() {
        for (int i = 0; i < 20; i++) {
            rig.runLater();
        }
    }

    public List<Envelope> events(String channel) {
        return journal.events(channel);
    }

    public int count(String channel) {
        return journal.events(channel).size();
    }

    public long inStep() {
        return journal.events("book-deltas").stream()
                .filter(event -> event.getBookDelta().getSynchronised())
                .count();
    }
}
