package io.tidemark.local.demo;

import io.tidemark.contracts.lake.LakePath;
import io.tidemark.local.count.BarCount;
import io.tidemark.local.count.ChannelCounts;
import io.tidemark.local.count.Counts;
import io.tidemark.local.count.KafkaCount;
import io.tidemark.local.count.SealedCount;
import io.tidemark.local.count.SegmentCount;
import io.tidemark.local.count.SessionList;
import io.tidemark.local.count.SqlCount;
import io.tidemark.local.stack.LocalStack;
import io.tidemark.local.supervise.StackFailure;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;

/** Counts everything of a stack that has come to rest. */
final class Count {
    private static final long VISIBLE_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LocalStack stack;

    Count(LocalStack stack) {
        this.stack = stack;
    }

    Counts all(EdgeStatus edge, OptionalLong emitted, long received) {
        Path lake = LakePath.tenantRoot(stack.plan().lakeRoot(), stack.plan().tenant());
        SegmentCount ready = SegmentCount.of(stack.plan().ready());
        SegmentCount raw =
                SegmentCount.of(lake.resolve(LakePath.raw(stack.plan().edge())));
        SealedCount sealed = SealedCount.of(lake);
        KafkaCount kafka = KafkaCount.read(stack.bootstrapServers());
        BarCount bars = bars(raw);
        long answer = ask(sealed.total());
        SessionList apart = SessionList.of(raw);

        SortedMap<String, Long> decoded = edge.decoded();
        SortedMap<String, Long> logged = edge.logged();
        SortedSet<String> names = new TreeSet<>(decoded.keySet());
        names.addAll(logged.keySet());
        names.addAll(ready.rows().keySet());
        names.addAll(raw.rows().keySet());
        names.addAll(sealed.rows().keySet());
        names.addAll(kafka.distinct().keySet());
        SortedMap<String, ChannelCounts> channels = new TreeMap<>();
        for (String name : names) {
            channels.put(
                    name,
                    new ChannelCounts(
                            decoded.getOrDefault(name, 0L),
                            logged.getOrDefault(name, 0L),
                            ready.rows().getOrDefault(name, 0L),
                            raw.rows().getOrDefault(name, 0L),
                            sealed.rows().getOrDefault(name, 0L),
                            kafka.distinct().getOrDefault(name, 0L),
                            kafka.conflated().getOrDefault(name, 0L)));
        }
        return new Counts(
                emitted,
                received,
                raw.socketFrames(),
                channels,
                kafka.records(),
                ready.repeated() + raw.repeated() + sealed.repeated(),
                bars.keys(),
                bars.bars(),
                bars.barsOhlcv(),
                bars.differing(),
                ready.segments(),
                raw.withReceipt(),
                sealed.files(),
                answer,
                edge.quarantined(),
                apart.gaps(),
                apart.sessions());
    }

    private BarCount bars(SegmentCount raw) {
        return healing("PostgreSQL", () -> {
            try (Connection database = stack.database().asSuperuser()) {
                return BarCount.compare(raw, database);
            }
        });
    }

    /** A new generation is seen by the endpoint within moments; waiting for it hides no difference. */
    private long ask(long expected) {
        LongPredicate right = answer -> answer == expected;
        long deadline = System.nanoTime() + VISIBLE_WITHIN_NANOS;
        long answer =
                healing("Flight SQL", () -> SqlCount.ask(stack.plan().ports().flight()));
        while (!right.test(answer) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
            answer = healing(
                    "Flight SQL", () -> SqlCount.ask(stack.plan().ports().flight()));
        }
        return answer;
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask() throws SQLException;
    }

    /** Asks again for a while: the server may have been killed this moment and be on its way back. */
    private <T> T healing(String server, Question<T> question) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            stack.check();
            try {
                return question.ask();
            } catch (SQLException e) {
                if (System.nanoTime() > deadline) {
                    throw new StackFailure(server + " does not answer: " + e.getMessage(), e);
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        }
    }
}
