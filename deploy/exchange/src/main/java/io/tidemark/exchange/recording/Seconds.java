package io.tidemark.exchange.recording;

import java.math.BigDecimal;

/** Decimal seconds since 1970 as recorders wrote them, to nanoseconds, exactly. */
final class Seconds {
    private Seconds() {}

    static long nanos(String text) throws MalformedException {
        try {
            return new BigDecimal(text).movePointRight(9).longValueExact();
        } catch (NumberFormatException e) {
            throw new MalformedException("\"" + text + "\" is not a time in seconds");
        } catch (ArithmeticException e) {
            throw new MalformedException("the time " + text + " does not fit nanoseconds since 1970");
        }
    }
}
