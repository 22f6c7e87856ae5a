package io.tidemark.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.tidemark.contracts.proto.Envelope;
import io.tidemark.contracts.proto.Session;
import io.tidemark.contracts.topic.Topics;
import io.tidemark.store.stack.Bars;
import io.tidemark.store.stack.Rig;
import io.tidemark.store.stack.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What holds for the table of every family, seen from outside: records in by Kafka, rows out by JDBC. */
abstract class SinkContract {
    static final Duration SOON = Duration.ofSeconds(60);
    static final String SMALLEST = "0.000000000000000001";
    static final String LARGEST = "99999999999999999999.999999999999999999";

    abstract Rig rig();

    abstract Writer writer();

    abstract Topics topic();

    abstract String table();

    /** The column that {@code name} of {@link #event} goes to. */
    abstract String nameColumn();

    /** In front of every name, where tables share their records. */
    String prefix() {
        return "";
    }

    /** The column that {@code value} of {@link #event} goes to. */
    abstract String valueColumn();

    /** A good record whose key has this name; {@code time} is what decides its partition, where it can. */
    abstract Envelope.Builder event(String name, long time, String value);

    /** The same with what decides between records of one key; a higher rank has to win. */
    abstract void rank(Envelope.Builder event, int rank);

    /** Records that this family refuses, by their reasons with a number behind. */
    abstract Map<String, Envelope> impossible(String name);

    final ProducerRecord<byte[], byte[]> record(byte[] value, String key) {
        // One partition, so that the batch holds all of them.
        return new ProducerRecord<>(topic().topic(), 0, key.getBytes(StandardCharsets.UTF_8), value);
    }

    final void send(List<Envelope> events) throws Exception {
        sendBytes(events.stream().map(Envelope::toByteArray).toList());
    }

    final void sendBytes(List<byte[]> values) throws Exception {
        rig().send(values.stream().map(value -> record(value, "key")).toList());
        writer().awaitNoLag(SOON);
    }

    final List<String> values(String name) throws Exception {
        return rig().ask("SELECT " + valueColumn() + " FROM " + table() + " WHERE " + nameColumn() + " = '" + prefix()
                + name + "' ORDER BY ts");
    }

    @Test
    void numbersComeOutAsTheyWentIn() throws Exception {
        send(List.of(
                event("SMALL", Bars.AUGUST, SMALLEST).build(),
                event("LARGE", Bars.AUGUST, LARGEST).build(),
                event("MANY", Bars.AUGUST, "61234.1").build()));
        assertEquals(List.of(SMALLEST), values("SMALL"));
        assertEquals(List.of(LARGEST), values("LARGE"));
        assertEquals(List.of("61234.100000000000000000"), values("MANY"));
        // Enough for the form in which a column with one value travels as one.
        List<Envelope> alike = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            alike.add(event("ALIKE", Bars.AUGUST + i * 86_400 * Bars.SECOND, "7.50")
                    .build());
        }
        send(alike);
        assertEquals(Collections.nCopies(200, "7.500000000000000000"), values("ALIKE"));
    }

    @Test
    void repeatsChangeNothingAndMonthsLongPastAreNoTrouble() throws Exception {
        List<Envelope> events = new ArrayList<>();
        for (int repeat = 0; repeat < 3; repeat++) {
            for (int month = 0; month < 12; month++) {
                long time = (883_612_800L + month * 2_678_400L) * Bars.SECOND;
                events.add(event("OLD", time, "10." + (10 + month)).build());
            }
        }
        send(events);
        send(events);
        assertEquals(12, values("OLD").size());
        assertEquals("10.100000000000000000", values("OLD").get(0));
    }

    @Test
    void theBetterRecordOfAKeyStaysInWhateverOrderTheyCome() throws Exception {
        long seed = System.nanoTime();
        System.out.println(getClass().getSimpleName() + " seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 3; round++) {
            List<Envelope> records = new ArrayList<>();
            for (int rank = 1; rank <= 5; rank++) {
                Envelope.Builder event = event("RANK" + round, Bars.AUGUST, Integer.toString(rank));
                rank(event, rank);
                records.add(event.build());
            }
            Collections.shuffle(records, random);
            // Some decided in the batch, some in the table.
            int cut = 1 + random.nextInt(3);
            send(records.subList(0, cut));
            send(records.subList(cut, records.size()));
            assertEquals(List.of("5.000000000000000000"), values("RANK" + round));
        }
    }

    @Test
    void aTenantSeesItsOwnRowsWhateverItIsCalled() throws Exception {
        String hostile = "x', true); DROP TABLE news; --";
        send(List.of(
                event("TENANT", Bars.AUGUST, "1").setTenant("alpha").build(),
                event("TENANT", Bars.AUGUST, "2").setTenant(hostile).build(),
                event("TENANT", Bars.AUGUST, "3").build()));
        assertEquals(List.of("3.000000000000000000"), values("TENANT"));
        String count = "SELECT count(*), min(tenant_id) FROM " + table() + " WHERE " + nameColumn() + " = '" + prefix()
                + "TENANT'";
        try (var connection = rig().connect();
                var statement = connection.createStatement();
                var set = connection.prepareStatement("SELECT set_config('tidemark.tenant', ?, false)")) {
            for (String tenant : List.of("alpha", hostile)) {
                set.setString(1, tenant);
                set.execute();
                try (var rows = statement.executeQuery(count)) {
                    rows.next();
                    assertEquals(1, rows.getInt(1));
                    assertEquals(tenant, rows.getString(2));
                }
            }
            try (var rows = statement.executeQuery("SELECT count(*) FROM " + table() + " WHERE tenant_id <> 'alpha'"
                    + " AND tenant_id <> current_setting('tidemark.tenant')")) {
                rows.next();
                assertEquals(0, rows.getInt(1));
            }
        }
    }

    @Test
    void whatCanNeverBeARowIsDeadLetteredAndTheBatchAroundItIsWritten() throws Exception {
        Envelope good = event("POISON", Bars.AUGUST, "1").build();
        Map<String, byte[]> bad = new LinkedHashMap<>();
        bad.put("undecodable", "no protobuf at all".getBytes(StandardCharsets.UTF_8));
        bad.put("schema-version", good.toBuilder().setSchemaVersion(99).build().toByteArray());
        bad.put(
                "wrong-kind",
                good.toBuilder()
                        .setSession(Session.getDefaultInstance())
                        .build()
                        .toByteArray());
        bad.put("missing-field", good.toBuilder().clearSymbol().build().toByteArray());
        bad.put("missing-field2", good.toBuilder().clearEdge().build().toByteArray());
        bad.put("nul-in-text", good.toBuilder().setSource("a\0b").build().toByteArray());
        bad.put("too-long", good.toBuilder().setSymbol("s".repeat(201)).build().toByteArray());
        impossible("POISON").forEach((reason, event) -> bad.put(reason, event.toByteArray()));
        List<byte[]> values = new ArrayList<>();
        int day = 0;
        for (byte[] poison : bad.values()) {
            values.add(event("POISON", Bars.AUGUST + day++ * 86_400 * Bars.SECOND, "1")
                    .build()
                    .toByteArray());
            values.add(poison);
        }
        String where = " FROM dead_letters WHERE topic = '" + topic().topic() + "'";
        long before = rig().count("SELECT coalesce(max(record_offset), -1)" + where);
        sendBytes(values);
        assertEquals(bad.size(), values("POISON").size());
        List<String> wanted = new ArrayList<>();
        bad.keySet().forEach(reason -> wanted.add(reason.replaceAll("[0-9]", "")));
        assertEquals(
                wanted,
                rig().ask("SELECT reason" + where + " AND record_offset > " + before + " ORDER BY record_offset"));
        List<String> kept = rig().ask("SELECT encode(record_value, 'hex')" + where + " AND record_offset > " + before
                + " ORDER BY record_offset");
        assertEquals(
                bad.values().stream()
                        .map(value -> java.util.HexFormat.of().formatHex(value))
                        .toList(),
                kept);
    }

    @Test
    void whatOnlyTheDatabaseRefusesIsFoundAmongTheOthers() throws Exception {
        rig().execute("ALTER TABLE " + table() + " ADD CONSTRAINT no_sevens CHECK (" + valueColumn()
                + " <> 777) NOT VALID");
        try {
            long before = rig().count("SELECT coalesce(max(record_offset), -1) FROM dead_letters WHERE topic = '"
                    + topic().topic() + "'");
            List<Envelope> events = new ArrayList<>();
            for (int day = 0; day < 300; day++) {
                String value = day % 100 == 77 ? "777" : "1." + (100 + day);
                events.add(event("REFUSED", Bars.AUGUST + day * 86_400 * Bars.SECOND, value)
                        .build());
            }
            send(events);
            assertEquals(297, values("REFUSED").size());
            List<String> letters = rig().ask("SELECT reason, detail FROM dead_letters WHERE topic = '" + topic().topic()
                    + "' AND reason = 'refused-by-database' AND record_offset > " + before);
            assertEquals(3, letters.size());
            assertTrue(letters.get(0).contains("no_sevens") && letters.get(0).contains("23514"), letters.get(0));
        } finally {
            rig().execute("ALTER TABLE " + table() + " DROP CONSTRAINT no_sevens");
        }
    }

    static ByteString tooPrecise() {
        return ByteString.copyFrom(new byte[] {19, 1});
    }

    static long tooFarAhead() {
        return System.currentTimeMillis() * 1_000_000L + 2 * 86_400 * Bars.SECOND;
    }
}
