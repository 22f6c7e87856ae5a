package io.tidemark.contracts.decimal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tidemark.contracts.decimal.Decimal38.Outcome;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Decimal38Test {
    private static final long SEED = Long.getLong("tidemark.seed", 20261120L);

    @ParameterizedTest
    @CsvSource({
        "61837.63000000, 61837.63000000",
        "5E-8, 0.00000005",
        "9.9E-7, 0.00000099",
        "1.50e-5, 0.0000150",
        "1E+3, 1000",
        "-0.5, -0.5",
        "+7, 7",
        ".5, 0.5",
        "5., 5",
        "1.0000000000000000000000, 1.000000000000000000",
        "99999999999999999999.999999999999999999, 99999999999999999999.999999999999999999",
        "-99999999999999999999.999999999999999999, -99999999999999999999.999999999999999999",
        "0.000000000000000001, 0.000000000000000001",
        "9223372036854775808, 9223372036854775808",
        "0E+999999999, 0"
    })
    void aVenuesSpellingComesOutExact(String text, String plain) {
        assertEquals(plain, Decimal38.of(text).toString());
        Decimal38 fromBuffer = new Decimal38();
        assertEquals(Outcome.EXACT, fromBuffer.parse(("xx" + text).toCharArray(), 2, text.length()));
        assertEquals(plain, fromBuffer.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "0.0000000000000000001, TOO_PRECISE",
        "5.3300000000000000001, TOO_PRECISE",
        "1E-19, TOO_PRECISE",
        "100000000000000000000, TOO_LARGE",
        "1E+999999999, TOO_LARGE",
        "NaN, MALFORMED",
        "Infinity, MALFORMED",
        "1.2.3, MALFORMED",
        "-, MALFORMED",
        "., MALFORMED",
        "1e, MALFORMED",
        "0x10, MALFORMED",
        "١٢, MALFORMED"
    })
    void whatDoesNotFitIsNamed(String text, Outcome outcome) {
        assertEquals(outcome, new Decimal38().parse(text));
    }

    @Test
    void anEmptyTextIsAbsent() {
        assertEquals(Outcome.ABSENT, new Decimal38().parse(""));
    }

    @Test
    void aVeryLongTextIsRefusedWithoutWork() {
        assertEquals(Outcome.MALFORMED, new Decimal38().parse("1".repeat(100_000)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 127, 128, -128, -129, 255, 32767, 32768, Long.MAX_VALUE, Long.MIN_VALUE + 1})
    void theWireFormIsTheShortestTwosComplement(long coefficient) {
        byte[] expected = BigInteger.valueOf(coefficient).toByteArray();
        byte[] wire = Decimal38.of(coefficient, 3).toWire();
        assertEquals(expected.length + 1, wire.length);
        assertEquals(3, wire[0]);
        assertArrayEquals(expected, java.util.Arrays.copyOfRange(wire, 1, wire.length));
    }

    @Test
    void randomValuesSurviveWireAndFileForm() {
        System.out.println("Decimal38Test seed " + SEED);
        Random random = new Random(SEED);
        byte[] fixed = new byte[20];
        for (int i = 0; i < 20_000; i++) {
            int scale = random.nextInt(19);
            int digits = 1 + random.nextInt(20 + scale);
            BigInteger coefficient = new BigInteger(127, random).mod(BigInteger.TEN.pow(digits));
            BigDecimal value = new BigDecimal(random.nextBoolean() ? coefficient : coefficient.negate(), scale);
            Decimal38 decimal = Decimal38.of(value.toPlainString());
            assertEquals(value, decimal.toBigDecimal());
            assertEquals(value, Decimal38.ofWire(decimal.toWire()).toBigDecimal());
            decimal.writeFixed16(fixed, 4);
            assertEquals(
                    value.setScale(18), new BigDecimal(new BigInteger(java.util.Arrays.copyOfRange(fixed, 4, 20)), 18));
            Decimal38 back = new Decimal38();
            back.readFixed16(fixed, 4);
            assertEquals(0, back.compareTo(decimal));
            assertEquals(decimal, back);
            assertEquals(decimal.hashCode(), back.hashCode());
        }
    }

    @Test
    void sumsAreExactAndOverflowIsNotSilent() {
        Random random = new Random(SEED);
        Decimal38 sum = new Decimal38();
        BigDecimal expected = BigDecimal.ZERO;
        for (int i = 0; i < 5_000; i++) {
            BigDecimal next = new BigDecimal(BigInteger.valueOf(random.nextLong()), 3 + random.nextInt(16));
            sum.add(Decimal38.of(next.toPlainString()));
            expected = expected.add(next);
            assertEquals(0, expected.compareTo(sum.toBigDecimal()));
        }
        Decimal38 large = Decimal38.of("99999999999999999999");
        assertThrows(ArithmeticException.class, () -> large.add(Decimal38.of("1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "1301", "ff01", "0000000000000000000000000000000000000000"})
    void bytesThatAreNoDecimalAreRefused(String hex) {
        byte[] bytes = java.util.HexFormat.of().parseHex(hex);
        assertThrows(IllegalArgumentException.class, () -> Decimal38.ofWire(bytes));
    }

    @Test
    void orderIsByValueNotBySpelling() {
        assertEquals(Decimal38.of("1.0"), Decimal38.of("1.000"));
        assertEquals(-1, Decimal38.of("0.9").compareTo(Decimal38.of("1.00")));
    }
}
