package io.tidemark.store.database;

/** What is wrong with the value of a setting, in words for the person who set it. */
public final class SettingProblem extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public SettingProblem(String message) {
        super(message);
    }
}
