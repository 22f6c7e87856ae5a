package io.tidemark.lake.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.DecimalVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tickets without SQL, over a plain Flight client. */
class PlainTicketTest {
    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aViewColumnsAndARangeAreStreamedWithoutSql() throws Exception {
        TestLake lake = new TestLake(folder);
        lake.sealTrades("BTC-USDT", 100);
        lake.sealTrades("ETH-USDT", 100);
        try (LakeFlightServer server =
                        TestLake.serve(lake, TestLake.options(folder.resolve("work"), TestLake.limits()));
                BufferAllocator allocator = new RootAllocator();
                FlightClient client = FlightClient.builder(
                                allocator, Location.forGrpcInsecure("127.0.0.1", server.port()))
                        .build()) {
            byte[] ticket = bytes("{\"view\":\"trades\",\"columns\":[\"price\",\"symbol\"],\"symbol\":\"ETH-USDT\","
                    + "\"from\":\"2024-08-08T00:00:10Z\",\"to\":\"2024-08-08T00:00:20.123456789Z\"}");
            FlightInfo info = client.getInfo(FlightDescriptor.command(ticket));
            assertEquals(
                    List.of("price", "symbol"),
                    info.getSchemaOptional().orElseThrow().getFields().stream()
                            .map(field -> field.getName())
                            .toList());
            int rows = 0;
            BigDecimal sum = BigDecimal.ZERO;
            try (FlightStream stream = client.getStream(new Ticket(ticket))) {
                while (stream.next()) {
                    DecimalVector prices = (DecimalVector) stream.getRoot().getVector("price");
                    for (int i = 0; i < stream.getRoot().getRowCount(); i++) {
                        sum = sum.add(prices.getObject(i));
                        rows++;
                    }
                }
            }
            assertEquals(10, rows);
            assertEquals(0, new BigDecimal("145.00000000000000001").compareTo(sum), sum.toString());
            FlightRuntimeException refused = assertThrows(FlightRuntimeException.class, () -> {
                try (FlightStream stream = client.getStream(new Ticket(bytes("{\"view\":\"/etc/passwd\"}")))) {
                    stream.next();
                }
            });
            assertTrue(String.valueOf(refused.getMessage()).contains("its view is one of"), refused.getMessage());
        }
    }

    @Test
    void whatIsInATicketIsQuotedOrRefused() {
        assertEquals(
                "SELECT \"a\"\"b\" FROM trades WHERE symbol = 'x'' OR ''1''=''1'",
                PlainTicket.sql(bytes("{\"view\":\"trades\",\"columns\":[\"a\\\"b\"],\"symbol\":\"x' OR '1'='1\"}")));
        assertEquals("SELECT * FROM live", PlainTicket.sql(bytes("{\"view\":\"live\"}")));
        for (String wrong : List.of(
                "{",
                "{}",
                "{\"view\":1}",
                "{\"view\":\"trades; DROP\"}",
                "{\"view\":\"trades\",\"columns\":[]}",
                "{\"view\":\"trades\",\"columns\":\"price\"}",
                "{\"view\":\"trades\",\"columns\":[1]}",
                "{\"view\":\"trades\",\"from\":\"yesterday\"}",
                "{\"view\":\"trades\",\"from\":5}",
                "{\"view\":\"trades\",\"where\":\"1=1\"}",
                "{\"view\":\"trades\"} x")) {
            assertThrows(FlightRuntimeException.class, () -> PlainTicket.sql(bytes(wrong)), wrong);
        }
    }
}
