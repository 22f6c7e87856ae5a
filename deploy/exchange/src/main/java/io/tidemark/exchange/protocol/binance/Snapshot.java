package io.tidemark.exchange.protocol.binance;

/**
 * A recorded depth answer.
 *
 * @param file index of its file in the recording
 * @param line its line there; with the file, its place
 */
record Snapshot(int file, long line, long lastUpdateId, String text) {}
