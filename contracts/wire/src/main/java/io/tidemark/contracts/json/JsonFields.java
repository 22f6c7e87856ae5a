package io.tidemark.contracts.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Typed access to a parsed object; every complaint names the field.
 *
 * <p>A field that is absent, null or of another type is refused with {@link IllegalArgumentException}, unless
 * the method says that it may be absent.
 */
public final class JsonFields {
    private final Map<String, @Nullable Object> fields;
    private final String where;

    private JsonFields(Map<String, @Nullable Object> fields, String where) {
        this.fields = fields;
        this.where = where;
    }

    /** Throws {@link IllegalArgumentException} where the bytes are no JSON object. */
    public static JsonFields parse(byte[] utf8) {
        return new JsonFields(JsonReader.object(utf8), "");
    }

    /** The object as parsed. */
    public Map<String, @Nullable Object> map() {
        return fields;
    }

    public boolean has(String name) {
        return fields.get(name) != null;
    }

    public String text(String name) {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw wrong(name, "a text");
    }

    public long number(String name) {
        if (fields.get(name) instanceof Long number) {
            return number;
        }
        throw wrong(name, "a whole number");
    }

    /** A number that counts something. */
    public long count(String name) {
        long number = number(name);
        if (number < 0) {
            throw wrong(name, "not negative");
        }
        return number;
    }

    public boolean flag(String name) {
        if (fields.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false");
    }

    public JsonFields object(String name) {
        return object(fields.get(name), name);
    }

    public List<JsonFields> objects(String name) {
        List<JsonFields> objects = new ArrayList<>();
        for (Object item : list(name)) {
            objects.add(object(item, name + "[" + objects.size() + "]"));
        }
        return objects;
    }

    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Object item : list(name)) {
            if (!(item instanceof String text)) {
                throw wrong(name, "a list of texts");
            }
            texts.add(text);
        }
        return texts;
    }

    private List<?> list(String name) {
        if (fields.get(name) instanceof List<?> list) {
            return list;
        }
        throw wrong(name, "a list");
    }

    @SuppressWarnings("unchecked") // JsonReader makes maps with text keys only
    private JsonFields object(@Nullable Object value, String name) {
        if (value instanceof Map<?, ?> map) {
            return new JsonFields((Map<String, @Nullable Object>) map, where + name + ".");
        }
        throw wrong(name, "an object");
    }

    private IllegalArgumentException wrong(String name, String expected) {
        return new IllegalArgumentException("field \"" + where + name + "\" must be " + expected);
    }
}
