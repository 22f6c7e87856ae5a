package io.tidemark.sync.loop;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Singleton;

/** What the program does while it serves. */
@Singleton
@Unremovable
public final class SyncService implements QuarkusApplication {
    private final SyncLoop loop;

    SyncService(SyncLoop loop) {
        this.loop = loop;
    }

    @Override
    public int run(String... args) {
        loop.start();
        Quarkus.waitForExit();
        return 0;
    }
}
