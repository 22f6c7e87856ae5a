package io.tidemark.exchange.protocol.binance;

/** What becomes of a depth request. */
public sealed interface DepthAnswer {
    /**
     * @param afterHole the recording lacks depth changes before this place and has no later snapshot:
     *     levels may be stale
     */
    record Book(String json, boolean afterHole) implements DepthAnswer {}

    record UnknownSymbol() implements DepthAnswer {}

    /** The symbol is there, but the recording holds no depth answer of it. */
    record NoSnapshot() implements DepthAnswer {}
}
