package io.tidemark.contracts.files.schema;

import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * The schema of candle files: the columns of the view {@code candles}, in its order.
 *
 * <p>A text beside this class like those of event files. Times are microseconds, which is what PostgreSQL has;
 * a candle opens on a whole second anyway.
 */
public final class CandleSchema {
    public static final String NAME = "candles.v1";

    /** Open, high, low, close, volume, in the order of the file. */
    public static final int NUMBERS = 5;

    /** Place of the first number among the file's columns; the four texts and the time are in front. */
    public static final int FIRST_NUMBER = 5;

    /** The only number that each candle has. */
    public static final int CLOSE = 3;

    public static final int NUMBER_BYTES = Row.DECIMAL_BYTES;

    public static final MessageType MESSAGE = MessageTypeParser.parseMessageType(text());

    private CandleSchema() {}

    /** The contract's text. */
    public static String text() {
        return EventSchema.resource(NAME + ".txt");
    }
}
