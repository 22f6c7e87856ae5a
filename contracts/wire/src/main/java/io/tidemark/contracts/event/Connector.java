package io.tidemark.contracts.event;

/** How the edge came by an event; the first folder below {@code ready/}. */
public enum Connector {
    WS,
    REST,
    LOAD;

    private final String label = name().toLowerCase(java.util.Locale.ROOT);

    public String label() {
        return label;
    }

    /** Throws {@link IllegalArgumentException} for another name. */
    public static Connector of(String label) {
        for (Connector connector : values()) {
            if (connector.label.equals(label)) {
                return connector;
            }
        }
        throw new IllegalArgumentException("unknown connector \"" + label + "\"");
    }
}
