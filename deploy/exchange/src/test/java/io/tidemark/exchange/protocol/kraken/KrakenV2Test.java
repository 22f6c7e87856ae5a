package io.tidemark.exchange.protocol.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidemark.exchange.protocol.subscribed.BookChange;
import io.tidemark.exchange.protocol.subscribed.Checksum;
import io.tidemark.exchange.protocol.subscribed.Conversation.Reply;
import io.tidemark.exchange.protocol.subscribed.Decoded;
import io.tidemark.exchange.recording.MalformedException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Frames and the checksum as Kraken's public documentation gives them. */
final class KrakenV2Test {
    /** docs.kraken.com, "Spot Websockets (v2) Book Checksum": the book whose checksum is 3310070434. */
    private static final String BOOK = "{\"channel\":\"book\",\"type\":\"snapshot\",\"data\":[{\"symbol\":\"BTC/USD\","
            + "\"bids\":[{\"price\":45283.5,\"qty\":0.10000000},{\"price\":45283.4,\"qty\":1.54582015},"
            + "{\"price\":45282.1,\"qty\":0.10000000},{\"price\":45281.0,\"qty\":0.10000000},"
            + "{\"price\":45280.3,\"qty\":1.54592586},{\"price\":45279.0,\"qty\":0.07990000},"
            + "{\"price\":45277.6,\"qty\":0.03310103},{\"price\":45277.5,\"qty\":0.30000000},"
            + "{\"price\":45277.3,\"qty\":1.54602737},{\"price\":45276.6,\"qty\":0.15445238}],"
            + "\"asks\":[{\"price\":45285.2,\"qty\":0.00100000},{\"price\":45286.4,\"qty\":1.54571953},"
            + "{\"price\":45286.6,\"qty\":1.54571109},{\"price\":45289.6,\"qty\":1.54560911},"
            + "{\"price\":45290.2,\"qty\":0.15890660},{\"price\":45291.8,\"qty\":1.54553491},"
            + "{\"price\":45294.7,\"qty\":0.04454749},{\"price\":45296.1,\"qty\":0.35380000},"
            + "{\"price\":45297.5,\"qty\":0.09945542},{\"price\":45299.5,\"qty\":0.18772827}],"
            + "\"checksum\":3310070434}]}";

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2023-10-06T17:35:55.440295Z"));
    private final KrakenV2 kraken = new KrakenV2();

    @Test
    void theBookOfTheDocumentationHasItsChecksumAndIsWrittenAsItWasRead() throws MalformedException {
        Decoded decoded = kraken.decode(BOOK);
        BookChange book = decoded.books().get(0);

        assertEquals("book-snapshot", decoded.kind());
        assertEquals("45281.0", book.bids().get(3).price());
        assertEquals(3_310_070_434L, Checksum.kraken(book.bids(), book.asks()));
        assertEquals(BOOK, KrakenV2.frame(true, "BTC/USD", book.bids(), book.asks(), 3_310_070_434L, ""));
    }

    @Test
    void theOtherChannelsOfTheDocumentationAreUnderstood() throws MalformedException {
        Decoded update = kraken.decode("{\"channel\":\"book\",\"type\":\"update\",\"data\":[{\"symbol\":\"MATIC/USD\","
                + "\"bids\":[{\"price\":0.5657,\"qty\":1098.3947558}],\"asks\":[],\"checksum\":2114181697,"
                + "\"timestamp\":\"2023-10-06T17:35:55.440295Z\"}]}");
        assertEquals("book|MATIC/USD", update.stream());
        assertEquals("1098.3947558", update.books().get(0).bids().get(0).size());
        assertEquals(Decoded.CONTROL, kraken.decode("{\"channel\":\"heartbeat\"}").stream());
        assertEquals(
                "trade|MATIC/USD",
                kraken
                        .decode("{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{\"symbol\":\"MATIC/USD\","
                                + "\"side\":\"sell\",\"price\":0.5117,\"qty\":40.0,\"ord_type\":\"market\","
                                + "\"trade_id\":4665906,\"timestamp\":\"2023-09-25T07:49:37.708706Z\"}]}")
                        .stream());
        assertThrows(
                MalformedException.class,
                () -> kraken.decode("{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{\"symbol\":\"MATIC/USD\","
                        + "\"side\":\"sell\",\"price\":\"NaN\",\"qty\":40.0,\"trade_id\":1,\"timestamp\":\"\"}]}"));
    }

    @Test
    void requestsAreAcknowledgedForEachSymbolAndRefusedWithAReason() {
        KrakenV2Conversation conversation = new KrakenV2Conversation(Set.of("BTC/USD", "ETH/USD"), true, CLOCK);

        Reply reply = conversation.request("{\"method\":\"subscribe\",\"params\":{\"channel\":\"book\",\"symbol\":"
                + "[\"BTC/USD\",\"XYZ/USD\"],\"depth\":25},\"req_id\":7}");
        assertTrue(reply.streams().contains("book-25|BTC/USD"));
        assertEquals(
                List.of(
                        "{\"method\":\"subscribe\",\"req_id\":7,\"time_in\":\"2023-10-06T17:35:55.440295Z\","
                                + "\"time_out\":\"2023-10-06T17:35:55.440295Z\",\"result\":{\"channel\":\"book\","
                                + "\"depth\":25,\"symbol\":\"BTC/USD\"},\"success\":true}",
                        "{\"method\":\"subscribe\",\"req_id\":7,\"time_in\":\"2023-10-06T17:35:55.440295Z\","
                                + "\"time_out\":\"2023-10-06T17:35:55.440295Z\",\"error\":\"Currency pair not"
                                + " supported XYZ/USD\",\"success\":false,\"symbol\":\"XYZ/USD\"}"),
                reply.answers());
        assertTrue(
                conversation.request("{\"method\":\"ping\"}").answers().get(0).startsWith("{\"method\":\"pong\""));
        assertEquals(
                Set.of(),
                conversation
                        .request(
                                "{\"method\":\"unsubscribe\",\"params\":{\"channel\":\"book\",\"symbol\":[\"BTC/USD\"],"
                                        + "\"depth\":25}}")
                        .streams());
    }
}
