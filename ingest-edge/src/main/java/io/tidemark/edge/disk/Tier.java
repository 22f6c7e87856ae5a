package io.tidemark.edge.disk;

import java.util.Locale;

/** How far it has come, from bad to worse. */
public enum Tier {
    NORMAL,
    /** Segments that have a receipt are deleted. */
    DELETING,
    /** Raw frames and book depth are not recorded either. */
    THINNING,
    /** Nothing is recorded. */
    STOPPED;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean atLeast(Tier other) {
        return compareTo(other) >= 0;
    }
}
