package io.tidemark.contracts.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {
    @Test
    void keysAreSortedAndEqualValuesAreEqualBytes() {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("b", List.of(1, 2L, "x"));
        one.put("a", Map.of("z", true, "é", "quote \" slash \\ line \n bell \u0007"));
        Map<String, Object> two = new LinkedHashMap<>();
        two.put("a", one.get("a"));
        two.put("b", one.get("b"));
        String expected =
                "{\"a\":{\"z\":true,\"é\":\"quote \\\" slash \\\\ line \\n bell \\u0007\"},\"b\":[1,2,\"x\"]}\n";
        assertEquals(expected, new String(CanonicalJson.bytes(one), StandardCharsets.UTF_8));
        assertEquals(expected, new String(CanonicalJson.bytes(two), StandardCharsets.UTF_8));
    }

    @Test
    void whatWasWrittenIsReadAndWrittenAgainTheSame() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("empty", Map.of());
        value.put("list", Arrays.asList(Long.MIN_VALUE, Long.MAX_VALUE, null, false, List.of()));
        value.put("text", "tab\t \u20ac \ud83c\udf0a");
        byte[] bytes = CanonicalJson.bytes(value);
        assertEquals(
                new String(bytes, StandardCharsets.UTF_8),
                new String(CanonicalJson.bytes(JsonReader.object(bytes)), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"a\":1.5}",
                "{\"a\":1}x",
                "{\"a\":1,\"a\":2}",
                "{\"a\":99999999999999999999}",
                "{\"a\":\"\u0001\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":tru}",
                "{\"a\" 1}",
                "{\"a\":1,}",
                "{\"a\":--1}"
            })
    void whatIsNotItsJsonIsRefusedWithAnOffset(String text) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> JsonReader.object(text.getBytes(StandardCharsets.UTF_8)));
        assertEquals(true, String.valueOf(refused.getMessage()).contains("offset"), refused.getMessage());
    }

    @Test
    void deepNestingIsRefusedRatherThanOverflowingTheStack() {
        String text = "{\"a\":" + "[".repeat(100_000);
        assertThrows(IllegalArgumentException.class, () -> JsonReader.object(text.getBytes(StandardCharsets.UTF_8)));
    }
}
