package io.tidemark.lake.run;

import io.tidemark.contracts.lake.LakePath;
import io.tidemark.lake.manifest.SealedLake;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What the service's features share. */
final class LakeBeans {
    @Produces
    @Singleton
    SealedLake sealedLake(LakeSettings settings) {
        return new SealedLake(LakePath.tenantRoot(settings.root(), settings.tenant()));
    }
}
