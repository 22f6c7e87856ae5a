package io.tidemark.exchange.protocol.binance;

import io.tidemark.exchange.emission.Tape;
import io.tidemark.exchange.recording.Recording;
import java.io.IOException;
import java.util.List;

/** Checked captures, one after the other, as one stream of frames. */
final class RecordedTape implements Tape<BinanceReel> {
    private final RecordingSummary summary;
    private final Flavor flavor;
    private final String fingerprint;

    RecordedTape(RecordingSummary summary, Flavor flavor) throws IOException {
        this.summary = summary;
        this.flavor = flavor;
        StringBuilder text = new StringBuilder("captures of " + summary.frames() + " frames:");
        for (Recording file : summary.files()) {
            text.append(' ').append(file.file().getFileName()).append('/').append(file.size());
        }
        this.fingerprint = text.toString();
    }

    @Override
    public BinanceReel open() {
        return new RecordedReel(summary, flavor);
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
