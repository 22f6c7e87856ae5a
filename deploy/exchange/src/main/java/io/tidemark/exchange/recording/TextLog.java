package io.tidemark.exchange.recording;

import io.tidemark.exchange.recording.CapturedLine.Origin;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The old text log: {@code <seconds>: <frame>} for what was received, {@code <url> -> <seconds>:
 * <text>} for REST answers, and notes about the configuration, connections and what the client sent.
 */
final class TextLog implements Container {
    private static final String CONFIGURATION = "configuration:";
    private static final Pattern FRAME = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?): ");
    private static final Pattern EXCHANGE =
            Pattern.compile("([a-z]+://\\S+) (<->|<-|->) (\\d{1,12}(?:\\.\\d{1,9})?)(?:: )?");

    static boolean canBegin(String line) {
        return line.startsWith(CONFIGURATION)
                || FRAME.matcher(line).lookingAt()
                || EXCHANGE.matcher(line).lookingAt();
    }

    @Override
    public CapturedLine parse(String line, long number) throws MalformedException {
        if (line.startsWith(CONFIGURATION)) {
            return new CapturedLine(Origin.NOTE, 0, null, line, false, number);
        }
        Matcher frame = FRAME.matcher(line);
        if (frame.lookingAt()) {
            return new CapturedLine(
                    Origin.SOCKET, Seconds.nanos(frame.group(1)), null, line.substring(frame.end()), false, number);
        }
        Matcher exchange = EXCHANGE.matcher(line);
        if (!exchange.lookingAt()) {
            throw new MalformedException("expected \"<seconds>: <frame>\", a REST answer or a connection note");
        }
        Origin origin = exchange.group(2).equals("->") ? Origin.REST : Origin.NOTE;
        return new CapturedLine(
                origin,
                Seconds.nanos(exchange.group(3)),
                exchange.group(1),
                line.substring(exchange.end()),
                false,
                number);
    }
}
