package io.tidemark.exchange.emission;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Frames 0, 1, 2, ...; every third one on stream "b@x", the others on "a@x"; one each millisecond. */
final class NumbersTape implements Tape<NumbersTape.Numbers> {
    private final int count;

    NumbersTape(int count) {
        this.count = count;
    }

    static final class Numbers implements Reel {
        private final int count;
        private int next;
        private int passed;

        Numbers(int count) {
            this.count = count;
        }

        @Override
        public @Nullable Frame next() {
            if (next == count) {
                return null;
            }
            int number = next++;
            String stream = number % 3 == 2 ? "b@x" : "a@x";
            return new Frame(
                    stream, stream.substring(0, 1), Integer.toString(number), TimeUnit.MILLISECONDS.toNanos(number));
        }

        int passed() {
            return passed;
        }

        @Override
        public void passed(Frame frame) {
            passed++;
        }

        @Override
        public void joined() {
            // Nothing depends on it.
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    @Override
    public Numbers open() {
        return new Numbers(count);
    }

    @Override
    public List<String> streams() {
        return List.of("a@x", "b@x");
    }

    @Override
    public List<String> symbols() {
        return List.of("A", "B");
    }

    @Override
    public String fingerprint() {
        return "numbers " + count;
    }
}
