package io.tidemark.exchange.protocol.subscribed;

import io.tidemark.exchange.emission.Reel;
import io.tidemark.exchange.emission.Tape;
import io.tidemark.exchange.market.MarketEvent;
import io.tidemark.exchange.market.MarketModel;
import io.tidemark.exchange.market.MarketPlan;
import io.tidemark.exchange.recording.MalformedException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A market model in one venue's words. Its books stand at its beginning, as in a recording. */
final class MarketTape implements Tape<Reel> {
    private final MarketPlan plan;
    private final MarketScript script;
    private final Dialect dialect;

    MarketTape(MarketPlan plan, MarketScript script, Dialect dialect) {
        this.plan = plan;
        this.script = script;
        this.dialect = dialect;
    }

    @Override
    public Reel open() {
        return new BookedReel(new MarketFrames(), dialect);
    }

    @Override
    public List<String> streams() {
        return script.streams(plan.symbols());
    }

    @Override
    public List<String> symbols() {
        return plan.symbols();
    }

    @Override
    public String fingerprint() {
        return dialect.name() + " market of " + String.join(",", plan.symbols()) + " seed " + plan.seed() + " for "
                + plan.seconds() + " s from " + plan.start();
    }

    private final class MarketFrames implements FrameSource {
        private final long startMicros = TimeUnit.SECONDS.toMicros(plan.start().getEpochSecond())
                + plan.start().getNano() / 1_000;
        private final MarketModel model = new MarketModel(plan);
        private final MarketScript.Writer writer = script.open(model, plan.symbols(), startMicros);
        private final Queue<MarketScript.Written> ready = new ArrayDeque<>(writer.opening());
        private long timeNanos = startMicros * 1_000;

        @Override
        public @Nullable Sent next() {
            while (ready.isEmpty()) {
                MarketEvent event = model.next();
                if (event == null) {
                    return null;
                }
                timeNanos = event.timeMicros() * 1_000;
                ready.addAll(writer.write(event));
            }
            MarketScript.Written written = ready.remove();
            String text = written.text();
            try {
                return new Sent(text, written.as(dialect.decode(text)), timeNanos);
            } catch (MalformedException e) {
                throw new IllegalStateException("the market was written wrongly: " + e.reason() + ": " + text, e);
            }
        }

        @Override
        public void close() {
            // Holds nothing but memory.
        }
    }
}
