package io.tidemark.store.admin;

import io.tidemark.store.database.DatabaseSettings;
import io.tidemark.store.database.JdbcAccess;
import io.tidemark.store.migrate.Retention;
import io.tidemark.store.migrate.RetentionSettings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The control side's own way to the database. */
@Singleton
final class AdminWiring {
    @Produces
    @Singleton
    JdbcAccess access(DatabaseSettings settings) {
        return new JdbcAccess(settings.databaseUrl());
    }

    @Produces
    @Singleton
    Retention retention(JdbcAccess access, RetentionSettings settings) {
        return new Retention(access, settings);
    }
}
