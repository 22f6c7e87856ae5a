package io.tidemark.lake.run;

import io.tidemark.contracts.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a JSON configuration and gathers all that is wrong with it, each mistake with its field. */
final class ConfigFields {
    private final Path file;
    private final Map<String, @Nullable Object> fields;
    private final List<String> mistakes = new ArrayList<>();
    private final Set<String> asked = new TreeSet<>();

    private ConfigFields(Path file, Map<String, @Nullable Object> fields) {
        this.file = file;
        this.fields = fields;
    }

    static ConfigFields read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file + ": there is no such configuration");
        }
        try {
            return new ConfigFields(file, JsonReader.object(Files.readAllBytes(file)));
        } catch (IllegalArgumentException e) {
            throw new BadConfigException(file + ": " + e.getMessage());
        }
    }

    void wrong(String field, String reason) {
        mistakes.add(field + ": " + reason);
    }

    private @Nullable Object get(String field) {
        asked.add(field);
        return fields.get(field);
    }

    String text(String field) {
        Object value = get(field);
        if (value instanceof String text && !text.isBlank()) {
            return text;
        }
        wrong(field, value == null ? "is missing" : "must be a text");
        return "";
    }

    String text(String field, String fallback) {
        return get(field) == null ? fallback : text(field);
    }

    String oneOf(String field, @Nullable String fallback, List<String> allowed) {
        String value = fallback == null ? text(field) : text(field, fallback);
        if (!value.isEmpty() && !allowed.contains(value)) {
            wrong(field, "must be one of " + String.join(", ", allowed) + ", not \"" + value + "\"");
        }
        return value;
    }

    long number(String field, @Nullable Long fallback, long least, long most) {
        Object value = get(field);
        if (value == null && fallback != null) {
            return fallback;
        }
        if (!(value instanceof Long number)) {
            wrong(field, value == null ? "is missing" : "must be a whole number");
            return least;
        }
        if (number < least || number > most) {
            wrong(field, "must be " + least + " to " + most + ", not " + number);
            return least;
        }
        return number;
    }

    List<String> texts(String field) {
        Object value = get(field);
        List<String> texts = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof String text && !text.isBlank()) {
                    texts.add(text);
                } else {
                    wrong(field, "must be a list of texts");
                    return List.of();
                }
            }
        } else if (value != null) {
            wrong(field, "must be a list of texts");
        }
        return texts.stream().distinct().sorted().toList();
    }

    /** Throws {@link BadConfigException} with all mistakes; fields that nobody asked for are mistakes too. */
    void check() throws BadConfigException {
        for (String field : fields.keySet()) {
            if (!asked.contains(field)) {
                wrong(field, "there is no such field (there are " + String.join(", ", asked) + ")");
            }
        }
        if (!mistakes.isEmpty()) {
            throw new BadConfigException(String.join(
                    "\n",
                    mistakes.stream().map(mistake -> file + ": " + mistake).toList()));
        }
    }
}
