package io.tidemark.sync.scan;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern for relative paths: {@code *} and {@code ?} within a name, {@code **} across folders (also none), and
 * {@code {a,b}} for one of several.
 *
 * <p>The platform's own globs want at least one folder for {@code **&#47;}, which would leave out files at the top.
 */
public final class PathPattern {
    private final String text;
    private final Pattern pattern;

    private PathPattern(String text, Pattern pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /** Throws {@link IllegalArgumentException} saying what is wrong with it. */
    public static PathPattern of(String text) {
        if (text.isBlank() || text.startsWith("/")) {
            throw new IllegalArgumentException(
                    "a pattern is relative to the source folder, such as **/*, not \"" + text + "\"");
        }
        StringBuilder regex = new StringBuilder();
        boolean group = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (text.startsWith("**/", i)) {
                regex.append("(?:.*/)?");
                i += 2;
            } else if (text.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (c == '{' && !group) {
                regex.append("(?:");
                group = true;
            } else if (c == '}' && group) {
                regex.append(')');
                group = false;
            } else if (c == ',' && group) {
                regex.append('|');
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        if (group) {
            throw new IllegalArgumentException("the pattern \"" + text + "\" opens { and does not close it");
        }
        try {
            return new PathPattern(text, Pattern.compile(regex.toString(), Pattern.DOTALL));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("not a pattern: \"" + text + "\"", e);
        }
    }

    public boolean matches(String path) {
        return pattern.matcher(path).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
