package io.tidemark.exchange.protocol.subscribed;

import io.tidemark.exchange.emission.Reel;
import io.tidemark.exchange.emission.Tape;
import io.tidemark.exchange.recording.Recording;
import java.io.IOException;
import java.util.List;

/** Checked captures, one after the other, as one stream of frames. */
final class RecordedTape implements Tape<Reel> {
    private final RecordingSummary summary;
    private final Dialect dialect;
    private final String fingerprint;

    RecordedTape(RecordingSummary summary, Dialect dialect) throws IOException {
        this.summary = summary;
        this.dialect = dialect;
        StringBuilder text = new StringBuilder(dialect.name() + " captures of " + summary.frames() + " frames:");
        for (Recording file : summary.files()) {
            text.append(' ').append(file.file().getFileName()).append('/').append(file.size());
        }
        this.fingerprint = text.toString();
    }

    @Override
    public Reel open() {
        return new BookedReel(new RecordedFrames(summary.files(), dialect), dialect);
    }

    @Override
    public List<String> streams() {
        return List.copyOf(summary.byStream().keySet());
    }

    @Override
    public List<String> symbols() {
        return summary.symbols();
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }
}
