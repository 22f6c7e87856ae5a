package io.tidemark.lake.live;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What the parts of the tail share. */
final class LiveBeans {
    @Produces
    @Singleton
    LiveOffsets offsets() {
        return new LiveOffsets();
    }

    @Produces
    @Singleton
    LiveTraffic traffic() {
        return new LiveTraffic();
    }
}
