package io.tidemark.edge.load;

import io.tidemark.edge.poll.MemoryFile;
import io.tidemark.edge.poll.MemoryFile.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Which files were loaded into a source and how far: {@code <data-dir>/state/load/<source>}.
 *
 * <p>A line is written and synced before the first record of a file and behind its last. Every record that the
 * source's log holds behind a file's begin is of this file, in its order; so how far a killed load came is counted from
 * the log itself and need not be noted.
 */
final class LoadJournal {
    private static final String BEGIN = "begin";
    private static final String END = "end";

    private final MemoryFile file;
    private final long survived;

    /** {@code survived}: the source's records that its log vouches for. */
    LoadJournal(Path file, long survived) throws IOException {
        this.file = new MemoryFile(file);
        this.survived = survived;
        this.file.forgetBeyond(survived);
    }

    /** How a file was loaded by earlier runs. */
    record Before(boolean whole, long records, String signature) {
        static final Before NOTHING = new Before(false, 0, "");
    }

    Before before(String sha256) throws IOException {
        List<Line> lines = file.read();
        long records = 0;
        boolean whole = false;
        String signature = "";
        for (int i = 0; i < lines.size(); i++) {
            String[] words = lines.get(i).text().split(" ", 3);
            if (words.length < 3 || !words[1].equals(sha256)) {
                continue;
            }
            if (words[0].equals(BEGIN)) {
                long until = i + 1 < lines.size() ? lines.get(i + 1).records() : survived;
                records += until - lines.get(i).records();
                signature = words[2];
            } else if (words[0].equals(END)) {
                whole = true;
            }
        }
        return new Before(whole, records, signature);
    }

    void begin(long records, String sha256, String signature) throws IOException {
        file.append(new Line(records, BEGIN + " " + sha256 + " " + signature));
    }

    void end(long records, String sha256, long loaded) throws IOException {
        file.append(new Line(records, END + " " + sha256 + " " + loaded));
    }
}
