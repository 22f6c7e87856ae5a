package io.tidemark.local.count;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Asks the lake the way a researcher does: with Arrow's own Flight SQL JDBC driver. */
public final class SqlCount {
    public static final String QUESTION = "SELECT count(*) FROM events";

    private SqlCount() {}

    /** The URL for any JDBC tool. */
    public static String url(int port) {
        return "jdbc:arrow-flight-sql://127.0.0.1:" + port + "/?useEncryption=false";
    }

    /** The driver's answer to {@link #QUESTION}. */
    public static long ask(int port) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(port), new Properties());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(QUESTION)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
