package io.tidemark.store.database;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * {@code postgresql://user:password@host:port/database?options}, or the same with {@code jdbc:} in front.
 *
 * <p>User and password are percent-decoded; in the {@code jdbc:} form they may also be options. Never print
 * one: {@link #place()} is what a log may say.
 */
public record DatabaseUrl(String user, String password, String host, int port, String database, String options) {
    private static final int DEFAULT_PORT = 5432;

    /** Throws {@link IllegalArgumentException}; its message never holds the password. */
    public static DatabaseUrl parse(String text) {
        String plain = text.strip();
        if (plain.startsWith("jdbc:")) {
            plain = plain.substring("jdbc:".length());
        }
        URI uri;
        try {
            uri = new URI(plain);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is not a URL (percent-encode special characters of the password)");
        }
        if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
            throw new IllegalArgumentException("does not begin with postgresql:// or jdbc:postgresql://");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("names no host (postgresql://user:password@host:port/database)");
        }
        String database =
                uri.getRawPath() == null ? "" : decode(uri.getRawPath().replaceFirst("^/", ""));
        if (database.isEmpty() || database.contains("/")) {
            throw new IllegalArgumentException("names no database (postgresql://user:password@host:port/database)");
        }
        String user = "";
        String password = "";
        if (uri.getRawUserInfo() != null) {
            String[] parts = uri.getRawUserInfo().split(":", 2);
            user = decode(parts[0]);
            password = parts.length == 2 ? decode(parts[1]) : "";
        }
        StringBuilder options = new StringBuilder();
        for (String option :
                uri.getRawQuery() == null ? new String[0] : uri.getRawQuery().split("&")) {
            String[] pair = option.split("=", 2);
            if (pair.length == 2 && pair[0].equals("user")) {
                user = decode(pair[1]);
            } else if (pair.length == 2 && pair[0].equals("password")) {
                password = decode(pair[1]);
            } else if (!option.isEmpty()) {
                options.append(options.isEmpty() ? "" : "&").append(option);
            }
        }
        int port = uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort();
        return new DatabaseUrl(user, password, uri.getHost(), port, database, options.toString());
    }

    private static String decode(String text) {
        // URLDecoder takes + for a space, which a URL's user and password do not.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Host, port and database: no secret. */
    public String place() {
        return host + ":" + port + "/" + database;
    }

    String clientUrl() {
        return "postgresql://" + place() + suffix();
    }

    String jdbcUrl() {
        return "jdbc:" + clientUrl();
    }

    private String suffix() {
        return options.isEmpty() ? "" : "?" + options;
    }

    @Override
    public String toString() {
        return place();
    }
}
