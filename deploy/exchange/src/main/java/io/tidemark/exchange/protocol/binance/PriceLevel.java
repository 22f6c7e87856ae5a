package io.tidemark.exchange.protocol.binance;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A level of the book as the venue spelled it. */
record PriceLevel(String price, String quantity) {

    /**
     * Reads a list of levels whose opening bracket is the current token; older answers carry a third,
     * empty element in each level. Null if it is a list of something else, which is then passed over.
     */
    static @Nullable List<PriceLevel> read(JsonParser parser) throws IOException {
        List<PriceLevel> levels = new ArrayList<>();
        boolean wellFormed = true;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token != JsonToken.START_ARRAY) {
                wellFormed = false;
                parser.skipChildren();
                continue;
            }
            @Nullable String price = null;
            @Nullable String quantity = null;
            int index = 0;
            for (token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (index < 2 && token == JsonToken.VALUE_STRING) {
                    price = index == 0 ? parser.getText() : price;
                    quantity = index == 1 ? parser.getText() : quantity;
                } else {
                    parser.skipChildren();
                }
                index++;
            }
            if (price == null || quantity == null || !isDecimal(price) || !isDecimal(quantity)) {
                wellFormed = false;
            } else {
                levels.add(new PriceLevel(price, quantity));
            }
        }
        return wellFormed ? levels : null;
    }

    static boolean isDecimal(String text) {
        boolean plain = !text.isEmpty();
        int points = 0;
        for (int i = 0; i < text.length() && plain; i++) {
            char c = text.charAt(i);
            points += c == '.' ? 1 : 0;
            plain = (c >= '0' && c <= '9') || (c == '.' && i > 0 && points == 1);
        }
        if (plain && text.charAt(text.length() - 1) != '.') {
            return true;
        }
        try {
            new BigDecimal(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    boolean isGone() {
        return new BigDecimal(quantity).signum() == 0;
    }
}
