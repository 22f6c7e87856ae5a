package io.tidemark.contracts.segment;

import java.nio.charset.StandardCharsets;

/** Names in paths: every character outside {@code A-Z a-z 0-9 . _ -} is percent-encoded as UTF-8. */
public final class PathText {
    private PathText() {}

    /** Never gives an empty name, {@code .} or {@code ..}. Throws {@link IllegalArgumentException} for an empty text. */
    public static String encode(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("an empty name cannot stand in a path");
        }
        if (text.equals(".") || text.equals("..")) {
            return text.replace(".", "%2E");
        }
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (isPlain(c)) {
                out.append(c);
            } else {
                out.append('%').append(String.format("%02X", (int) c));
            }
        }
        return out.toString();
    }

    /** Throws {@link IllegalArgumentException} for what {@link #encode} never writes. */
    public static String decode(String name) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '%' && i + 2 < name.length() && isHex(name.charAt(i + 1)) && isHex(name.charAt(i + 2))) {
                out.write(Integer.parseInt(name.substring(i + 1, i + 3), 16));
                i += 2;
            } else if (isPlain(c)) {
                out.write(c);
            } else {
                throw new IllegalArgumentException("not a path name of Tidemark: \"" + name + "\"");
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static boolean isPlain(char c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
    }
}
