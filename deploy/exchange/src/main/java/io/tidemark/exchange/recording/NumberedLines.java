package io.tidemark.exchange.recording;

/** {@code <receipt time> <text>}: 19 digits are nanoseconds, 16 digits microseconds since 1970. */
final class NumberedLines implements Container {
    private static final int NANO_DIGITS = 19;
    private static final int MICRO_DIGITS = 16;

    static boolean canBegin(String line) {
        int digits = digits(line);
        return digits > 0 && digits < line.length() && line.charAt(digits) == ' ';
    }

    @Override
    public CapturedLine parse(String line, long number) throws MalformedException {
        int digits = digits(line);
        if (digits == 0 || digits >= line.length() || line.charAt(digits) != ' ') {
            throw new MalformedException("expected a receipt time, a space and a frame");
        }
        if (digits != NANO_DIGITS && digits != MICRO_DIGITS) {
            throw new MalformedException(
                    "the receipt time has " + digits + " digits; 19 (nanoseconds) or 16 (microseconds) are understood");
        }
        String time = line.substring(0, digits);
        long nanos;
        try {
            nanos = Long.parseLong(digits == NANO_DIGITS ? time : time + "000");
        } catch (NumberFormatException e) {
            throw new MalformedException("the receipt time " + time + " does not fit nanoseconds since 1970");
        }
        return new CapturedLine(CapturedLine.Origin.UNMARKED, nanos, null, line.substring(digits + 1), false, number);
    }

    private static int digits(String line) {
        int i = 0;
        while (i < line.length() && line.charAt(i) >= '0' && line.charAt(i) <= '9') {
            i++;
        }
        return i;
    }
}
