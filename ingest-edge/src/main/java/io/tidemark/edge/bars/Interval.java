package io.tidemark.edge.bars;

import io.tidemark.contracts.event.Channel;

/** The length of a bar; bars begin at multiples of it since 1970 UTC. */
record Interval(String name, long nanos) {
    static final long LONGEST = 3_600_000_000_000L;

    /** Throws {@link IllegalArgumentException} for anything that is no interval of up to an hour. */
    static Interval of(String name) {
        if (!Channel.INTERVAL.matcher(name).matches()) {
            throw new IllegalArgumentException("not a bar interval: \"" + name + "\" (such as 1s, 1m, 1h)");
        }
        long count = Long.parseLong(name.substring(0, name.length() - 1));
        long unit = switch (name.charAt(name.length() - 1)) {
            case 's' -> 1_000_000_000L;
            case 'm' -> 60_000_000_000L;
            case 'h' -> 3_600_000_000_000L;
            default -> LONGEST + 1;
        };
        if (count * unit > LONGEST) {
            throw new IllegalArgumentException("bar interval \"" + name + "\" is longer than 1h");
        }
        return new Interval(name, count * unit);
    }

    long start(long time) {
        return Math.floorDiv(time, nanos) * nanos;
    }
}
