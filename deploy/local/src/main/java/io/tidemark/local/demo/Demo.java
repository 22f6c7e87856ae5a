package io.tidemark.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.local.count.Counts;
import io.tidemark.local.demo.Waiting.Look;
import io.tidemark.local.stack.LocalStack;
import io.tidemark.local.stack.OneShot;
import io.tidemark.local.stack.Program;
import io.tidemark.local.supervise.StackFailure;
import io.tidemark.local.supervise.SupervisedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * The flow of a demo on a started stack: let data come, stop the edge, let everything arrive, seal, count.
 *
 * <p>Any process may be killed at any time: supervised ones come back by themselves, the edge's stop and the
 * one-shot commands are repeated here. What cannot be healed ends in a {@link StackFailure}.
 */
final class Demo {
    private static final int ATTEMPTS = 10;
    private static final Duration ONE_SHOT_LIMIT = Duration.ofMinutes(30);
    private static final Duration FIRST_LIVE_FRAME = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DemoOptions options;
    private final LocalStack stack;
    private final Console console;
    private final Waiting waiting;
    private final ResidentMemory memory = new ResidentMemory();
    private OptionalLong emitted = OptionalLong.empty();
    private long received;
    private final RunTotals runs = new RunTotals();

    Demo(DemoOptions options, LocalStack stack, Console console) {
        this.options = options;
        this.stack = stack;
        this.console = console;
        this.waiting = new Waiting(stack, console);
    }

    /** What came of it. */
    record Outcome(Counts counts, RunTotals runs, long edgePeakMegabytes) {}

    Outcome run() {
        if (options.live() == null) {
            awaitEndOfRecording();
        } else {
            awaitLive(options.live());
        }
        EdgeStatus edge = stopEdge();
        awaitStored();
        stack.service(Program.SYNC).stop();
        repeat(Program.SYNC, List.of("once"));
        repeat(Program.LAKE, List.of("export-events", "--edge", stack.plan().edge(), "--include-incomplete"));
        console.say("counting");
        if (edge.namesFeeds()) {
            received = edge.frames();
        }
        runs.look(edge);
        return new Outcome(new Count(stack).all(edge, emitted, received), runs, memory.peakMegabytes());
    }

    private void awaitEndOfRecording() {
        waiting.until("the end of the recording was not reached", () -> {
            Optional<JsonNode> exchange = stack.http().get(stack.plan().ports().exchange(), "/admin/status");
            Optional<EdgeStatus> edge = edge();
            long out = exchange.map(status -> status.path("emitted").asLong()).orElse(-1L);
            boolean done =
                    exchange.map(status -> status.path("finished").asBoolean()).orElse(false)
                            && edge.isPresent()
                            && edge.get().allFeeds("ENDED")
                            && edge.get().frames() == out
                            && edge.get().pending() == 0;
            if (done) {
                emitted = OptionalLong.of(out);
            }
            return new Look(done, state(out < 0 ? "exchange is away" : "emitted " + number(out), edge));
        });
    }

    private void awaitLive(String symbol) {
        console.say("listening to " + symbol + " at " + DemoCommand.LIVE_WEBSOCKET);
        long deadline = System.nanoTime() + FIRST_LIVE_FRAME.toNanos();
        waiting.until("no live data came", () -> {
            Optional<EdgeStatus> edge = edge();
            boolean any = edge.map(EdgeStatus::frames).orElse(0L) > 0;
            if (!any && System.nanoTime() > deadline) {
                throw new StackFailure("no frame came from " + DemoCommand.LIVE_WEBSOCKET + " within "
                        + FIRST_LIVE_FRAME.toSeconds() + " s ("
                        + edge.map(EdgeStatus::feedStates).orElse("the edge does not answer") + "; log: "
                        + stack.service(Program.EDGE).spec().log() + ")");
            }
            return new Look(any, state("live", edge));
        });
        long end = System.nanoTime() + options.duration().toNanos();
        waiting.until("the live run did not end", () -> {
            long left = Math.max(0, TimeUnit.NANOSECONDS.toSeconds(end - System.nanoTime()));
            return new Look(System.nanoTime() >= end, state("live, " + left + " s left", edge()));
        });
    }

    /**
     * Ends the edge by SIGTERM until a stop went through to its end with everything forwarded. One that was
     * killed on the way is started without its feeds: it recovers, forwards, converts, and is stopped again.
     */
    private EdgeStatus stopEdge() {
        SupervisedProcess edge = stack.service(Program.EDGE);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Instant asked = Instant.now();
            sampleMemory();
            console.say("stopping the edge: it seals its log, forwards the rest and converts everything");
            OptionalInt exitCode = edge.stop();
            Optional<EdgeStatus> status = writtenSince(asked);
            if (exitCode.isPresent()
                    && exitCode.getAsInt() == 0
                    && status.isPresent()
                    && status.get().pending() == 0) {
                return status.get();
            }
            console.say("the edge did not stop in order (exit code "
                    + (exitCode.isPresent() ? Integer.toString(exitCode.getAsInt()) : "none, it was not running")
                    + status.map(s -> ", " + number(s.pending()) + " records not forwarded")
                            .orElse(", no status.json")
                    + "): starting it without its feeds");
            stack.check();
            stack.restartEdge(false);
            waiting.until("the edge did not forward the rest", () -> {
                Optional<EdgeStatus> now = edge();
                return new Look(now.map(EdgeStatus::pending).orElse(-1L) == 0, state("edge without feeds", now));
            });
        }
        throw new StackFailure("the edge did not stop in order in " + ATTEMPTS + " attempts (log: "
                + edge.spec().log() + ")");
    }

    private void awaitStored() {
        waiting.until("the store-writer did not write everything", () -> {
            Optional<JsonNode> store = stack.http().get(stack.plan().ports().store(), "/status");
            long lag = store.map(status -> status.path("lag").asLong(-1)).orElse(-1L);
            return new Look(
                    lag == 0,
                    store.map(status -> "store-writer: lag " + number(lag) + ", rows written "
                                    + number(status.path("rows_written").asLong()))
                            .orElse("store-writer is away"));
        });
    }

    /** Runs a command of a service until it ends well; all of them may be repeated without harm. */
    private void repeat(Program program, List<String> arguments) {
        String name = program.title() + " " + arguments.get(0);
        for (int attempt = 1; ; attempt++) {
            stack.check();
            console.say("running " + name);
            OneShot.Result result = stack.runOnce(program, ONE_SHOT_LIMIT, arguments);
            if (result.exitCode() == 0) {
                return;
            }
            stack.check();
            if (result.exitCode() == 2 || attempt == ATTEMPTS || attempt == 3 && result.exitCode() < 128) {
                throw new StackFailure(name + " ended with exit code " + result.exitCode() + ": " + result.lastWords());
            }
            console.say(name + " ended with exit code " + result.exitCode() + ": once more");
        }
    }

    private Optional<EdgeStatus> edge() {
        sampleMemory();
        Optional<EdgeStatus> status =
                stack.http().get(stack.plan().ports().edge(), "/status").map(EdgeStatus::new);
        status.ifPresent(runs::look);
        status.filter(EdgeStatus::namesFeeds).ifPresent(edge -> received = edge.frames());
        return status;
    }

    private void sampleMemory() {
        ProcessHandle handle = stack.service(Program.EDGE).handle();
        if (handle != null) {
            memory.sample(handle);
        }
    }

    private Optional<EdgeStatus> writtenSince(Instant asked) {
        Path file = stack.plan().edgeData().resolve("status.json");
        try {
            if (!Files.exists(file)
                    || Files.getLastModifiedTime(file).toInstant().isBefore(asked.minusSeconds(1))) {
                return Optional.empty();
            }
            return Optional.of(new EdgeStatus(JSON.readTree(file.toFile())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String state(String lead, Optional<EdgeStatus> edge) {
        return lead
                + edge.map(status -> ", received " + number(status.frames()) + ", logged "
                                + number(status.loggedEvents()) + ", Kafka " + number(status.acknowledged())
                                + " (pending " + number(status.pending()) + "), " + status.feedStates())
                        .orElse(", edge is away");
    }

    private static String number(long value) {
        return String.format(java.util.Locale.ROOT, "%,d", value);
    }
}
