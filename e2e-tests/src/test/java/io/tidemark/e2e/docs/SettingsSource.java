package io.tidemark.e2e.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a service's settings from the text of its {@code @ConfigMapping} interfaces. */
final class SettingsSource {
    /**
     * One setting.
     *
     * @param standard the default as it is written, or "must be given", or "none"
     */
    record Setting(String name, String standard, String meaning) {}

    private static final Pattern MAPPING = Pattern.compile("@ConfigMapping\\(\\s*prefix\\s*=\\s*\"([^\"]+)\"");
    private static final Pattern MEMBER = Pattern.compile(
            "(?s)(?:/\\*\\*(?<comment>(?:(?!\\*/).)*)\\*/\\s*)?(?<annotations>(?:@\\w+(?:\\((?:[^()\"]|\"[^\"]*\")*\\))?\\s*)*)"
                    + "(?<type>(?:@\\w+\\s+)?[\\w.]+(?:<[^;{}()]+>)?)\\s+(?<name>\\w+)\\(\\);");
    private static final Pattern DEFAULT = Pattern.compile("@WithDefault\\(\\s*\"([^\"]*)\"");
    private static final Pattern NAME = Pattern.compile("@WithName\\(\\s*\"([^\"]*)\"");
    private static final Pattern MAP = Pattern.compile("Map<\\s*String\\s*,\\s*(\\w+)\\s*>");

    private final Map<String, String> sources = new TreeMap<>();

    SettingsSource(Path module) {
        try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String name = String.valueOf(file.getFileName()).replace(".java", "");
                sources.put(name, Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All settings of the module, by name. */
    List<Setting> settings() {
        List<Setting> found = new ArrayList<>();
        sources.values().forEach(text -> {
            Matcher mapping = MAPPING.matcher(text);
            if (mapping.find()) {
                members(mapping.group(1), body(text, mapping.end()), text, found);
            }
        });
        found.sort((a, b) -> a.name().compareTo(b.name()));
        return found;
    }

    private static String body(String text, int from) {
        int open = text.indexOf('{', from);
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return text.substring(open + 1, i);
            }
        }
        throw new IllegalStateException("an interface without an end");
    }

    private void members(String prefix, String body, String file, List<Setting> found) {
        Matcher member = MEMBER.matcher(withoutNested(body));
        while (member.find()) {
            String annotations = member.group("annotations");
            if (annotations.contains("@Override")) {
                continue;
            }
            Matcher named = NAME.matcher(annotations);
            boolean isNamed = named.find();
            String own = isNamed ? named.group(1) : kebab(member.group("name"));
            boolean parent = annotations.contains("@WithParentName");
            String name = parent ? prefix : prefix + "." + own;
            String type = member.group("type");
            Matcher map = MAP.matcher(type);
            if (map.matches() && (nested(map.group(1), file) != null || sources.containsKey(map.group(1)))) {
                members(name + ".<name>", interfaceBody(map.group(1), file), file, found);
                continue;
            }
            String group = type.replaceAll("^Optional<(\\w+)>$", "$1");
            if (nested(group, file) != null) {
                members(name, interfaceBody(group, file), file, found);
                continue;
            }
            Matcher standard = DEFAULT.matcher(annotations);
            String value = standard.find()
                    ? standard.group(1)
                    : type.startsWith("Optional") || type.startsWith("Map") ? "none" : "must be given";
            found.add(new Setting(name, value, meaning(member.group("comment"))));
        }
    }

    private static String meaning(@Nullable String comment) {
        if (comment == null) {
            return "";
        }
        String text = comment.replaceAll("(?m)^\\s*\\*\\s?", " ")
                .replaceAll("\\{@\\w+\\s+([^}]*)}", "$1")
                .replaceAll("<[^>]+>", " ")
                .replaceAll("\\s+", " ")
                .replace("|", "\\|")
                .strip();
        return text.replaceAll("\\s+@\\w+ .*$", "");
    }

    private String interfaceBody(String type, String file) {
        @Nullable String inside = nested(type, file);
        if (inside != null) {
            return inside;
        }
        @Nullable String other = sources.get(type);
        if (other == null) {
            throw new IllegalStateException("no interface " + type);
        }
        return body(other, other.indexOf("interface " + type));
    }

    private static @Nullable String nested(String type, String file) {
        Matcher declared =
                Pattern.compile("\\binterface " + Pattern.quote(type) + "\\b").matcher(file);
        return declared.find() ? body(file, declared.start()) : null;
    }

    /** Nested interfaces and the bodies of default methods hold no members of this one. */
    private static String withoutNested(String body) {
        StringBuilder flat = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            boolean inComment = depth == 0 && body.startsWith("/**", i);
            if (inComment) {
                int end = body.indexOf("*/", i) + 2;
                flat.append(body, i, end);
                i = end - 1;
                continue;
            }
            if (c == '"') {
                int end = body.indexOf('"', i + 1) + 1;
                if (depth == 0) {
                    flat.append(body, i, end);
                }
                i = end - 1;
                continue;
            }
            depth += c == '{' ? 1 : 0;
            if (depth == 0) {
                flat.append(c);
            }
            if (c == '}') {
                depth--;
                flat.append(";\n");
            }
        }
        return flat.toString();
    }

    private static String kebab(String method) {
        return method.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
