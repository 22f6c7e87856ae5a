package io.tidemark.store.mode;

/**
 * What a comparison of the two tables has shown, for the gate of a {@link Transition}.
 *
 * @param epoch of the mode before the comparison began: while it lasts, all that is written goes to both
 * @param clean whether no difference was found
 * @param summary for the record
 */
public record Evidence(long epoch, boolean clean, String summary) {
    /** Nothing was compared. */
    public static Evidence none(long epoch) {
        return new Evidence(epoch, false, "not compared");
    }
}
