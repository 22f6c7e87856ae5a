package io.tidemark.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * A client of its own making, which knows the venues only from their documentation: keeps books from
 * the frames it gets and holds them against the venue's checksums.
 */
final class LittleClient {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();

    private final String venue;
    private final int depth;
    private final Map<String, TreeMap<BigDecimal, String>> bids = new HashMap<>();
    private final Map<String, TreeMap<BigDecimal, String>> asks = new HashMap<>();
    private final Map<String, Map<BigDecimal, String>> spelled = new HashMap<>();
    private long next;
    int right;
    int wrong;
    int withoutBook;

    LittleClient(String venue, int depth) {
        this.venue = venue;
        this.depth = depth;
    }

    void connected() {
        bids.clear();
        asks.clear();
        next = 0;
    }

    void take(String text) {
        try {
            if (text.equals("pong")) {
                return;
            }
            JsonNode frame = JSON.readTree(text);
            switch (venue) {
                case "coinbase" -> coinbase(frame);
                case "coinbase-advanced" -> advanced(frame);
                case "kraken-v1" -> krakenV1(frame);
                case "kraken" -> kraken(frame);
                case "okx" -> okx(frame);
                default -> throw new IllegalArgumentException(venue);
            }
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    /** All books, for comparing; by value, not by spelling. */
    String books() {
        return text(bids) + "\n" + text(asks);
    }

    private static String text(Map<String, TreeMap<BigDecimal, String>> side) {
        return new TreeMap<>(side)
                .entrySet().stream()
                        .map(book -> book.getKey() + "=" + book.getValue())
                        .collect(Collectors.joining("\n"));
    }

    private void fresh(String symbol) {
        bids.put(symbol, new TreeMap<>(Comparator.reverseOrder()));
        asks.put(symbol, new TreeMap<>());
        spelled.put(symbol, new HashMap<>());
    }

    private void set(String symbol, boolean bid, String price, String size) {
        TreeMap<BigDecimal, String> side = (bid ? bids : asks).get(symbol);
        if (side == null) {
            withoutBook++;
            return;
        }
        BigDecimal key = new BigDecimal(price).stripTrailingZeros();
        spelling(symbol).put(key, price);
        if (new BigDecimal(size).signum() == 0) {
            side.remove(key);
        } else {
            side.put(key, size);
        }
    }

    private Map<BigDecimal, String> spelling(String symbol) {
        return spelled.computeIfAbsent(symbol, s -> new HashMap<>());
    }

    private void cut(String symbol) {
        for (TreeMap<BigDecimal, String> side : java.util.List.of(bids.get(symbol), asks.get(symbol))) {
            while (side.size() > depth) {
                side.remove(side.lastKey());
            }
        }
    }

    private void check(String symbol, long expected, long actual) {
        if (!bids.containsKey(symbol)) {
            return;
        }
        if (expected == actual) {
            right++;
        } else {
            wrong++;
        }
    }

    private void coinbase(JsonNode frame) {
        String symbol = frame.path("product_id").asText();
        if (frame.path("type").asText().equals("snapshot")) {
            fresh(symbol);
            frame.path("bids")
                    .forEach(
                            l -> set(symbol, true, l.path(0).asText(), l.path(1).asText()));
            frame.path("asks")
                    .forEach(l ->
                            set(symbol, false, l.path(0).asText(), l.path(1).asText()));
        }
        frame.path("changes")
                .forEach(c -> set(
                        symbol,
                        c.path(0).asText().equals("buy"),
                        c.path(1).asText(),
                        c.path(2).asText()));
    }

    private void advanced(JsonNode frame) {
        if (frame.path("sequence_num").asLong() != next++) {
            wrong++;
        }
        if (!frame.path("channel").asText().equals("l2_data")) {
            return;
        }
        for (JsonNode event : frame.path("events")) {
            String symbol = event.path("product_id").asText();
            if (event.path("type").asText().equals("snapshot")) {
                fresh(symbol);
            }
            for (JsonNode u : event.path("updates")) {
                boolean bid = u.path("side").asText().equals("bid");
                set(
                        symbol,
                        bid,
                        u.path("price_level").asText(),
                        u.path("new_quantity").asText());
            }
        }
    }

    private void krakenV1(JsonNode frame) {
        if (!frame.isArray() || !frame.path(frame.size() - 2).asText().startsWith("book")) {
            return;
        }
        String symbol = frame.path(frame.size() - 1).asText();
        for (int i = 1; i < frame.size() - 2; i++) {
            JsonNode part = frame.path(i);
            if (part.has("as") || part.has("bs")) {
                fresh(symbol);
            }
            for (String name : java.util.List.of("bs", "b")) {
                part.path(name)
                        .forEach(l ->
                                set(symbol, true, l.path(0).asText(), l.path(1).asText()));
            }
            for (String name : java.util.List.of("as", "a")) {
                part.path(name)
                        .forEach(l ->
                                set(symbol, false, l.path(0).asText(), l.path(1).asText()));
            }
            if (bids.containsKey(symbol)) {
                cut(symbol);
            }
            if (part.has("c")) {
                check(symbol, part.path("c").asLong(), kraken(symbol));
            }
        }
    }

    private void kraken(JsonNode frame) {
        if (!frame.path("channel").asText().equals("book")) {
            return;
        }
        for (JsonNode entry : frame.path("data")) {
            String symbol = entry.path("symbol").asText();
            if (frame.path("type").asText().equals("snapshot")) {
                fresh(symbol);
            }
            entry.path("bids").forEach(l -> set(symbol, true, bare(l.path("price")), bare(l.path("qty"))));
            entry.path("asks").forEach(l -> set(symbol, false, bare(l.path("price")), bare(l.path("qty"))));
            if (bids.containsKey(symbol)) {
                cut(symbol);
            }
            check(symbol, entry.path("checksum").asLong(), kraken(symbol));
        }
    }

    private static String bare(JsonNode number) {
        return number.isIntegralNumber()
                ? number.asText()
                : number.decimalValue().toPlainString();
    }

    private long kraken(String symbol) {
        StringBuilder text = new StringBuilder();
        for (Map<String, TreeMap<BigDecimal, String>> side : java.util.List.of(asks, bids)) {
            if (side.containsKey(symbol)) {
                side.get(symbol).entrySet().stream()
                        .limit(10)
                        .forEach(level -> text.append(digits(spelling(symbol).getOrDefault(level.getKey(), "?")))
                                .append(digits(level.getValue())));
            }
        }
        return crc(text.toString());
    }

    private static String digits(String number) {
        return number.replace(".", "").replaceFirst("^0+", "");
    }

    private void okx(JsonNode frame) {
        if (!frame.path("arg").path("channel").asText().equals("books") || !frame.has("data")) {
            return;
        }
        String symbol = frame.path("arg").path("instId").asText();
        if (frame.path("action").asText().equals("snapshot")) {
            fresh(symbol);
        }
        for (JsonNode entry : frame.path("data")) {
            entry.path("bids")
                    .forEach(
                            l -> set(symbol, true, l.path(0).asText(), l.path(1).asText()));
            entry.path("asks")
                    .forEach(l ->
                            set(symbol, false, l.path(0).asText(), l.path(1).asText()));
            if (bids.containsKey(symbol)) {
                check(symbol, entry.path("checksum").asInt(), okx(symbol));
            }
        }
    }

    private int okx(String symbol) {
        var b = bids.getOrDefault(symbol, new TreeMap<>()).entrySet().iterator();
        var a = asks.getOrDefault(symbol, new TreeMap<>()).entrySet().iterator();
        java.util.List<String> parts = new java.util.ArrayList<>();
        for (int i = 0; i < 25; i++) {
            for (var side : java.util.List.of(b, a)) {
                if (side.hasNext()) {
                    var level = side.next();
                    parts.add(spelling(symbol).getOrDefault(level.getKey(), "?"));
                    parts.add(level.getValue());
                }
            }
        }
        return (int) crc(String.join(":", parts));
    }

    private static long crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return crc.getValue();
    }
}
