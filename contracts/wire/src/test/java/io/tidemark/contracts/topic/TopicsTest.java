package io.tidemark.contracts.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidemark.contracts.event.Channel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TopicsTest {
    @Test
    void topicsHaveTheContractsNames() {
        assertEquals(
                List.of(
                        "tidemark.trades.v1",
                        "tidemark.quotes.v1",
                        "tidemark.books.v1",
                        "tidemark.tickers.v1",
                        "tidemark.bars.v1",
                        "tidemark.options.v1",
                        "tidemark.fundamentals.v1",
                        "tidemark.news.v1",
                        "tidemark.sessions.v1",
                        "tidemark.feedback.v1",
                        "tidemark.dead-letters.v1"),
                Arrays.stream(Topics.values()).map(Topics::topic).toList());
        assertEquals(4, Topics.BARS.defaultPartitions());
    }

    @Test
    void everyChannelButFramesHasATopic() {
        for (Channel channel : Channel.values()) {
            assertEquals(channel != Channel.FRAMES, Topics.of(channel).isPresent(), channel.name());
        }
        assertEquals(Optional.of(Topics.SESSIONS), Topics.of(Channel.GAPS));
    }

    @Test
    void channelNamesAreAClosedList() {
        assertEquals(Channel.BARS, Channel.of("bars-1m"));
        assertEquals(Channel.BARS_NATIVE, Channel.of("bars-native-1h"));
        assertEquals("1h", Channel.interval("bars-native-1h"));
        for (String name : List.of("bars-", "bars-native-", "bars-0m", "bars-1x", "trade", "TRADES", "bars-1m/..")) {
            assertThrows(IllegalArgumentException.class, () -> Channel.of(name), name);
        }
    }
}
