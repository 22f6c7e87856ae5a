package io.tidemark.contracts.lake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketTest {
    /** Computed with another program: {@code printf SYMBOL | sha1sum}. */
    @ParameterizedTest
    @CsvSource({"BTC-USDT, a4", "ETH-USDT, 72", "AAPL, 82", "é, bf"})
    void theBucketIsTheFirstByteOfTheSymbolsSha1(String symbol, String bucket) {
        assertEquals(bucket, Bucket.of(symbol));
    }
}
