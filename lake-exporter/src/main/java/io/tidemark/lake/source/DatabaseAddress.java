package io.tidemark.lake.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * Where the store's database is: {@code postgresql://user:password@host:port/database?options}, or with
 * {@code jdbc:} in front. Never print one but by {@link #place}.
 */
public record DatabaseAddress(String url, Properties properties, String place) {
    /**
     * Throws {@link IllegalArgumentException}; its message never holds the password.
     *
     * @param user overrides the URL's; empty for none
     */
    public static DatabaseAddress parse(String text, String user, String password) {
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
        boolean known = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        String path = uri.getRawPath();
        if (!known || uri.getHost() == null || path == null || path.length() < 2) {
            throw new IllegalArgumentException("must look like postgresql://user:password@host:port/database");
        }
        Properties properties = new Properties();
        if (uri.getRawUserInfo() != null) {
            String[] parts = uri.getRawUserInfo().split(":", 2);
            properties.setProperty("user", decode(parts[0]));
            properties.setProperty("password", parts.length == 2 ? decode(parts[1]) : "");
        }
        if (!user.isEmpty()) {
            properties.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "lake-exporter");
        String place = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + path;
        String options = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new DatabaseAddress("jdbc:postgresql://" + place + options, properties, place);
    }

    private static String decode(String text) {
        // URLDecoder takes + for a space, which a URL's user and password do not.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return place;
    }
}
