package io.tidemark.local.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.local.supervise.StackFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

/** Writes dotted settings as the nested YAML that a service reads; readable by the user alone. */
final class SettingsFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SettingsFile() {}

    static void write(Path file, Map<String, String> settings) {
        try {
            Files.createDirectories(file.getParent());
            Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
            Files.deleteIfExists(temporary);
            Files.createFile(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(temporary, yaml(settings));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    static String yaml(Map<String, String> settings) {
        Map<String, Object> tree = new TreeMap<>();
        new TreeMap<>(settings).forEach((name, value) -> insert(tree, name, value));
        StringBuilder text = new StringBuilder("# Written by ./tidemark at each start.\n");
        append(text, tree, 0);
        return text.toString();
    }

    @SuppressWarnings("unchecked")
    private static void insert(Map<String, Object> tree, String name, String value) {
        String[] parts = name.split("\\.", -1);
        Map<String, Object> node = tree;
        for (int i = 0; i < parts.length - 1; i++) {
            Object child = node.computeIfAbsent(parts[i], key -> new TreeMap<String, Object>());
            if (!(child instanceof Map)) {
                throw new StackFailure("the settings " + name + " and a shorter one contradict each other");
            }
            node = (Map<String, Object>) child;
        }
        node.put(parts[parts.length - 1], value);
    }

    @SuppressWarnings("unchecked")
    private static void append(StringBuilder text, Map<String, Object> node, int depth) {
        node.forEach((key, value) -> {
            text.append("  ".repeat(depth)).append(quoted(key)).append(':');
            if (value instanceof Map) {
                text.append('\n');
                append(text, (Map<String, Object>) value, depth + 1);
            } else {
                text.append(' ').append(quoted(value.toString())).append('\n');
            }
        });
    }

    /** A JSON string is a YAML string, and nothing in it can be taken for anything else. */
    private static String quoted(String text) {
        if (text.matches("[a-z][a-z-]*[a-z]") && !text.matches("yes|no|true|false|on|off|null")) {
            return text;
        }
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
