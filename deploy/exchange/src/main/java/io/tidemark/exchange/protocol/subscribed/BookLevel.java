package io.tidemark.exchange.protocol.subscribed;

import io.tidemark.exchange.recording.MalformedException;
import java.math.BigDecimal;

/**
 * A price level as the venue spelled it.
 *
 * @param rest what else the venue says of the level, such as a time or the number of orders
 */
public record BookLevel(String price, String size, String rest) {
    /** Checks that both are numbers. */
    public static BookLevel of(String price, String size, String rest) throws MalformedException {
        number(price);
        number(size);
        return new BookLevel(price, size, rest);
    }

    public static void number(String text) throws MalformedException {
        try {
            new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new MalformedException("\"" + text + "\" is not a number");
        }
    }

    boolean isGone() {
        return new BigDecimal(size).signum() == 0;
    }
}
