package io.tidemark.sync.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathPatternTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    **/*                  | top.json                | true
                    **/*                  | a/b/c.parquet           | true
                    **/*.parquet          | c.parquet               | true
                    **/*.parquet          | a/b/c.parquet           | true
                    **/*.parquet          | a/b/c.json              | false
                    ws/trades/**          | ws/trades/a/b           | true
                    ws/trades/**          | ws/quotes/a             | false
                    ws/*/a                | ws/quotes/a             | true
                    ws/*/a                | ws/x/y/a                | false
                    ws/{trades,quotes}/** | ws/quotes/a             | true
                    ws/{trades,quotes}/** | ws/gaps/a               | false
                    h?ur                  | hour                    | true
                    a.b                   | axb                     | false
                    **/symbol=BTC-USDT/** | ws/symbol=BTC-USDT/y/x  | true
                    a/**/z                | a/z                     | true
                    """)
    void matchesAsWritten(String pattern, String path, boolean matches) {
        assertEquals(matches, PathPattern.of(pattern).matches(path));
    }

    @Test
    void whatIsNoPatternIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> PathPattern.of(" "));
        assertThrows(IllegalArgumentException.class, () -> PathPattern.of("/a/*"));
        assertThrows(IllegalArgumentException.class, () -> PathPattern.of("{a,b"));
    }

    @Test
    void rawFramesCanBeLeftOut() {
        Selection without = new Selection(PathPattern.of("**/*"), false);
        assertEquals(false, without.takes("ws/frames/exchange=binance/x.parquet"));
        assertEquals(true, without.takes("ws/trades/exchange=frames/x.parquet"));
        assertEquals(true, new Selection(PathPattern.of("**/*"), true).takes("ws/frames/exchange=binance/x.parquet"));
    }
}
