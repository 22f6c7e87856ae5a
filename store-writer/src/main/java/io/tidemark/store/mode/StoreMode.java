package io.tidemark.store.mode;

/** Which of the two bar tables is the truth, and whether the other is written beside it. */
public enum StoreMode {
    LEGACY("legacy", "only the legacy table bars"),
    DUAL_LEGACY("dual", "bars, with bars_ohlcv as shadow: the first phase of the migration"),
    DUAL_PROVIDER("dual", "bars_ohlcv, with bars as shadow: the second phase of the migration"),
    PROVIDER("provider", "only the provider table bars_ohlcv");

    private final String setting;
    private final String description;

    StoreMode(String setting, String description) {
        this.setting = setting;
        this.description = description;
    }

    /** The word of STORE_MODE that this state belongs to. */
    public String setting() {
        return setting;
    }

    public String description() {
        return description;
    }

    public boolean isDual() {
        return this == DUAL_LEGACY || this == DUAL_PROVIDER;
    }

    public boolean legacyIsPrimary() {
        return this == LEGACY || this == DUAL_LEGACY;
    }

    /** The state that a setting begins with; throws {@link IllegalArgumentException} for another word. */
    public static StoreMode first(String setting) {
        return switch (setting) {
            case "legacy" -> LEGACY;
            case "dual" -> DUAL_LEGACY;
            case "provider" -> PROVIDER;
            default -> throw new IllegalArgumentException("\"" + setting + "\" is not legacy, provider or dual");
        };
    }
}
