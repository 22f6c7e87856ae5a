package io.tidemark.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** Sums what the edge counts anew in each of its runs: the last that was heard of each incarnation counts. */
final class RunTotals {
    private record Counted(long checksPassed, long checksFailed, long quarantined) {}

    private final SortedMap<Long, Counted> runs = new TreeMap<>();

    void look(EdgeStatus edge) {
        JsonNode json = edge.json();
        long passed = 0;
        long failed = 0;
        for (JsonNode feed : json.path("feeds")) {
            passed += feed.path("book-checks-ok").asLong();
            failed += feed.path("book-checks-failed").asLong();
        }
        Counted counted = new Counted(passed, failed, edge.quarantined());
        runs.merge(
                json.path("incarnation").asLong(),
                counted,
                (old, now) -> new Counted(
                        Math.max(old.checksPassed, now.checksPassed),
                        Math.max(old.checksFailed, now.checksFailed),
                        Math.max(old.quarantined, now.quarantined)));
    }

    long bookChecksPassed() {
        return sum(Counted::checksPassed);
    }

    long bookChecksFailed() {
        return sum(Counted::checksFailed);
    }

    long quarantined() {
        return sum(Counted::quarantined);
    }

    private long sum(ToLongFunction<Counted> value) {
        return runs.values().stream().mapToLong(value).sum();
    }
}
