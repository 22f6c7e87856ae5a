package io.tidemark.exchange.emission;

import java.util.ArrayList;
import java.util.List;

/**
 * The {@link Edit}s of a run, in order. With them any position can be found again on a tape that is
 * opened anew, although the frames between those of the tape were made up on the spot.
 */
final class Timeline {
    private final List<Edit> edits;

    Timeline(List<Edit> edits) {
        this.edits = new ArrayList<>(edits);
    }

    List<Edit> edits() {
        return List.copyOf(edits);
    }

    int size() {
        return edits.size();
    }

    Edit get(int index) {
        return edits.get(index);
    }

    /** Adds, joining it with the last one where they are one thing. */
    void add(Edit edit) {
        if (!edits.isEmpty()) {
            Edit last = edits.get(edits.size() - 1);
            boolean given = edit.kind() == Edit.Kind.INSERTED || edit.kind() == Edit.Kind.ADDED;
            if (given
                    && last.kind() == edit.kind()
                    && last.raw() == edit.raw()
                    && last.position() + last.count() == edit.position()) {
                edits.set(edits.size() - 1, last.counting(last.count() + edit.count()));
                return;
            }
            if (edit.kind() == Edit.Kind.STREAMS && last.kind() == edit.kind() && last.raw() == edit.raw()) {
                edits.remove(edits.size() - 1);
            }
        }
        edits.add(edit);
    }

    /** The client has this many frames: what it did not get never happened. True if there was any such thing. */
    boolean forgetBeyond(long position) {
        for (int i = 0; i < edits.size(); i++) {
            Edit edit = edits.get(i);
            boolean given = edit.kind() == Edit.Kind.INSERTED || edit.kind() == Edit.Kind.ADDED;
            if (given && edit.position() + edit.count() <= position) {
                continue;
            }
            if (!given && edit.position() < position) {
                continue;
            }
            edits.subList(i, edits.size()).clear();
            if (given && edit.position() < position) {
                edits.add(edit.counting(position - edit.position()));
            }
            return true;
        }
        return false;
    }
}
