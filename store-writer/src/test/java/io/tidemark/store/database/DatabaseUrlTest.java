package io.tidemark.store.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class DatabaseUrlTest {
    @Test
    void bothFormsAreUnderstoodAndDecoded() {
        DatabaseUrl plain =
                DatabaseUrl.parse("postgresql://us%40er:p%3Aw%2Fd+x@db.example:6543/market?sslmode=require");
        assertEquals("us@er", plain.user());
        assertEquals("p:w/d+x", plain.password());
        assertEquals("postgresql://db.example:6543/market?sslmode=require", plain.clientUrl());
        DatabaseUrl jdbc =
                DatabaseUrl.parse("jdbc:postgresql://db.example/market?user=u&password=p%20w&sslmode=disable");
        assertEquals("u", jdbc.user());
        assertEquals("p w", jdbc.password());
        assertEquals("jdbc:postgresql://db.example:5432/market?sslmode=disable", jdbc.jdbcUrl());
    }

    @Test
    void noTextOfItHoldsTheSecret() {
        assertFalse(DatabaseUrl.parse("postgresql://u:secret@h/d").toString().contains("secret"));
        for (String wrong : new String[] {
            "mysql://u:secret@h/d",
            "postgresql://u:secret@h",
            "postgresql://u:sec ret@h/d",
            "postgresql:///d?password=secret"
        }) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> DatabaseUrl.parse(wrong), wrong);
            assertFalse(String.valueOf(e.getMessage()).contains("sec"), e.getMessage());
        }
    }

    @Test
    void statesMeanWhatTheyMean() {
        assertEquals(DatabaseFailure.Meaning.KEY_EXISTS, DatabaseFailure.meaning("23505", true));
        assertEquals(DatabaseFailure.Meaning.NO_PARTITION, DatabaseFailure.meaning("23514", false));
        assertEquals(DatabaseFailure.Meaning.DATA, DatabaseFailure.meaning("23514", true));
        assertEquals(DatabaseFailure.Meaning.DATA, DatabaseFailure.meaning("22003", false));
        assertEquals(DatabaseFailure.Meaning.STORAGE_FULL, DatabaseFailure.meaning("53100", false));
        for (String state : new String[] {"08006", "40001", "40P01", "53300", "55P03", "57P01", "57014"}) {
            assertEquals(DatabaseFailure.Meaning.TRANSIENT, DatabaseFailure.meaning(state, false), state);
        }
        assertEquals(DatabaseFailure.Meaning.OTHER, DatabaseFailure.meaning("42P01", false));
    }
}
