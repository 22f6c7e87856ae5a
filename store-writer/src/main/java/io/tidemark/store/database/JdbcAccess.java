package io.tidemark.store.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/**
 * Connections for the control side: long comparisons and copies, by the service's own threads or a command.
 *
 * <p>Each caller opens one of its own and closes it; the writers' pool is not touched. A statement ends after
 * the limit, a wait for a lock after a part of it.
 */
public final class JdbcAccess {
    private static final Duration LONGEST_LOCK = Duration.ofSeconds(10);

    private final DatabaseUrl url;

    public JdbcAccess(DatabaseUrl url) {
        this.url = url;
    }

    /** The same database, with all names looked up in one schema. */
    public JdbcAccess in(String schema) {
        String options = (url.options().isEmpty() ? "" : url.options() + "&") + "currentSchema=" + schema;
        return new JdbcAccess(
                new DatabaseUrl(url.user(), url.password(), url.host(), url.port(), url.database(), options));
    }

    /** Outside of a transaction, in UTC; sees the rows of every tenant in partitions that were opened. */
    public Connection open(Duration statementLimit) throws SQLException {
        Properties settings = new Properties();
        if (!url.user().isEmpty()) {
            settings.setProperty("user", url.user());
        }
        if (!url.password().isEmpty()) {
            settings.setProperty("password", url.password());
        }
        settings.setProperty("ApplicationName", "tidemark-store-writer-control");
        settings.setProperty("connectTimeout", "5");
        settings.setProperty("tcpKeepAlive", "true");
        // Longer than any statement: it only ends waits for a server that vanished.
        settings.setProperty("socketTimeout", Long.toString(statementLimit.toSeconds() + 30));
        Connection connection = new org.postgresql.Driver().connect(url.jdbcUrl(), settings);
        if (connection == null) {
            throw new SQLException("the driver does not know the URL of " + url.place(), "08001");
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TIME ZONE 'UTC'");
            statement.execute("SET statement_timeout = " + statementLimit.toMillis());
            statement.execute("SET lock_timeout = "
                    + Math.min(LONGEST_LOCK.toMillis(), Math.max(1, statementLimit.toMillis() / 3)));
            statement.execute("SET tidemark.every_tenant = 'on'");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    /** Where the database is; no secret. */
    public String place() {
        return url.place();
    }
}
