package io.tidemark.exchange.market;

import java.nio.charset.StandardCharsets;

/**
 * The SplitMix64 generator, written out here because the same seed has to give the same market on
 * every JDK; the library's generators do not promise that for bounded numbers.
 */
final class SplitMix {
    private long state;

    SplitMix(long seed) {
        this.state = seed;
    }

    /** A generator of its own for each name, so that a symbol's market does not depend on the others. */
    static SplitMix of(long seed, String name) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return new SplitMix(new SplitMix(seed ^ hash).next());
    }

    long next() {
        state += 0x9e3779b97f4a7c15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** From 0 to bound - 1; the tiny bias of the remainder does not matter to a market. */
    int below(int bound) {
        return (int) Long.remainderUnsigned(next(), bound);
    }

    /** Mostly small: each further step has the chance {@code percent}, up to a limit. */
    int steps(int percent, int limit) {
        int steps = 0;
        while (steps < limit && below(100) < percent) {
            steps++;
        }
        return steps;
    }
}
