package io.tidemark.lake.flight;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a statement can want of a view at most: event times from and to, both included, nanoseconds since 1970 UTC,
 * and names. What is empty restricts nothing.
 */
record Reach(long from, long to, Optional<Set<String>> sources, Optional<Set<String>> symbols) {
    static final Reach ALL = new Reach(Long.MIN_VALUE, Long.MAX_VALUE, Optional.empty(), Optional.empty());

    Reach {
        sources = sources.map(Set::copyOf);
        symbols = symbols.map(Set::copyOf);
    }

    /** What satisfies both. */
    Reach and(Reach other) {
        return new Reach(
                Math.max(from, other.from),
                Math.min(to, other.to),
                both(sources, other.sources),
                both(symbols, other.symbols));
    }

    /** What satisfies either, and maybe more. */
    Reach or(Reach other) {
        return new Reach(
                Math.min(from, other.from),
                Math.max(to, other.to),
                either(sources, other.sources),
                either(symbols, other.symbols));
    }

    private static Optional<Set<String>> both(Optional<Set<String>> one, Optional<Set<String>> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        Set<String> names = new HashSet<>(one.get());
        names.retainAll(other.get());
        return Optional.of(names);
    }

    private static Optional<Set<String>> either(Optional<Set<String>> one, Optional<Set<String>> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return Optional.empty();
        }
        Set<String> names = new HashSet<>(one.get());
        names.addAll(other.get());
        return Optional.of(names);
    }

    boolean restrictsTime() {
        return from != Long.MIN_VALUE || to != Long.MAX_VALUE;
    }

    /** Whether a file may hold anything of it. */
    boolean touches(SealedFiles.Extent file) {
        return file.maxEventTime() >= from
                && file.minEventTime() <= to
                && sources.map(names -> names.contains(file.source())).orElse(true)
                && symbols.map(names -> names.contains(file.symbol())).orElse(true);
    }
}
