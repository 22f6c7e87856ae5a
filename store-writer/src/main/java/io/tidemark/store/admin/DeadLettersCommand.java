package io.tidemark.store.admin;

import io.tidemark.store.deadletter.LetterBox;
import io.tidemark.store.deadletter.LetterBox.Letter;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Records that could not become rows: list, look, try again, let go. */
@Command(
        name = "dead-letters",
        description = "Records that could not become rows.",
        mixinStandardHelpOptions = true,
        subcommands = {
            DeadLettersCommand.Ls.class,
            DeadLettersCommand.Show.class,
            DeadLettersCommand.Replay.class,
            DeadLettersCommand.Drop.class
        })
public final class DeadLettersCommand implements Callable<Integer> {
    private static final int PAGE = 1_000;

    @Override
    public Integer call() {
        System.err.println("store-writer: dead-letters ls, show, replay or drop?");
        return DatabaseOption.USAGE;
    }

    /** Which letters a command is about. */
    static final class Which {
        @Parameters(paramLabel = "ID", description = "Numbers of letters, as ls lists them.", arity = "0..*")
        private List<Long> ids = new ArrayList<>();

        @Option(names = "--all", description = "All that --topic and --reason leave.")
        private boolean all;

        @Option(names = "--topic", description = "Only of this topic.")
        private @Nullable String topic;

        @Option(names = "--reason", description = "Only with this reason.")
        private @Nullable String reason;

        /** Changes them page by page. */
        int each(LetterBox box, Change change) throws SQLException {
            if (all != ids.isEmpty()) {
                throw new IllegalArgumentException("name letters by their numbers, or say --all");
            }
            if (!all) {
                return change.of(ids);
            }
            int changed = 0;
            long after = 0;
            while (true) {
                List<Letter> page = box.list(new LetterBox.Filter(topic, reason, false, after, PAGE));
                if (page.isEmpty()) {
                    return changed;
                }
                after = page.get(page.size() - 1).id();
                changed += change.of(page.stream().map(Letter::id).toList());
            }
        }
    }

    /** Something done to letters; says to how many. */
    @FunctionalInterface
    interface Change {
        int of(List<Long> ids) throws SQLException;
    }

    /** The list. */
    @Command(name = "ls", description = "Lists dead letters.", mixinStandardHelpOptions = true)
    static final class Ls implements Callable<Integer> {
        @Mixin
        private DatabaseOption database = new DatabaseOption();

        @Option(names = "--topic", description = "Only of this topic.")
        private @Nullable String topic;

        @Option(names = "--reason", description = "Only with this reason.")
        private @Nullable String reason;

        @Option(names = "--dropped", description = "Also those that were dropped.")
        private boolean dropped;

        @Option(names = "--after", description = "Only with a greater number.")
        private long after;

        @Option(names = "--limit", description = "How many at most (default: ${DEFAULT-VALUE}).")
        private int limit = 100;

        @Option(names = "--json", description = "Prints JSON.")
        private boolean json;

        @Override
        public Integer call() {
            return database.run(access -> {
                List<Letter> letters =
                        new LetterBox(access).list(new LetterBox.Filter(topic, reason, dropped, after, limit));
                if (json) {
                    DatabaseOption.json(letters);
                } else {
                    letters.forEach(letter -> System.out.println(line(letter)));
                }
                return 0;
            });
        }
    }

    private static String line(Letter letter) {
        String state = letter.dropped() != null
                ? "dropped"
                : letter.replayWanted() != null
                        ? "replay waits"
                        : letter.replays() > 0 ? "replayed " + letter.replays() + "x" : "kept";
        return letter.id() + "  " + letter.created() + "  " + letter.topic() + "/" + letter.partition() + "@"
                + letter.offset() + "  " + letter.bytes() + " bytes  " + state + "  " + letter.reason() + ": "
                + letter.detail();
    }

    /** One letter with its bytes. */
    @Command(name = "show", description = "Prints a letter with its original bytes.", mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Mixin
        private DatabaseOption database = new DatabaseOption();

        @Parameters(paramLabel = "ID", description = "The letter's number.")
        private long id;

        @Override
        public Integer call() {
            return database.run(access -> {
                LetterBox.Bytes bytes = new LetterBox(access).show(id);
                if (bytes == null) {
                    System.err.println("store-writer: there is no dead letter " + id);
                    return DatabaseOption.FAILED;
                }
                DatabaseOption.json(shown(bytes));
                return 0;
            });
        }
    }

    static Map<String, @Nullable Object> shown(LetterBox.Bytes bytes) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("letter", bytes.letter());
        byte[] key = bytes.key();
        byte[] value = bytes.value();
        shown.put("key", key == null ? null : new String(key, StandardCharsets.UTF_8));
        shown.put("value_base64", value == null ? null : Base64.getEncoder().encodeToString(value));
        return shown;
    }

    /** Once more. */
    @Command(
            name = "replay",
            description = "Has a running writer send the original bytes to their topic again.",
            mixinStandardHelpOptions = true)
    static final class Replay implements Callable<Integer> {
        @Mixin
        private DatabaseOption database = new DatabaseOption();

        @Mixin
        private Which which = new Which();

        @Override
        public Integer call() {
            return database.run(access -> {
                LetterBox box = new LetterBox(access);
                System.out.println(which.each(box, box::replay) + " letters will be sent again");
                return 0;
            });
        }
    }

    /** Done with. */
    @Command(name = "drop", description = "Marks letters as done with.", mixinStandardHelpOptions = true)
    static final class Drop implements Callable<Integer> {
        @Mixin
        private DatabaseOption database = new DatabaseOption();

        @Mixin
        private Which which = new Which();

        @Override
        public Integer call() {
            return database.run(access -> {
                LetterBox box = new LetterBox(access);
                System.out.println(which.each(box, box::drop) + " letters dropped");
                return 0;
            });
        }
    }
}
