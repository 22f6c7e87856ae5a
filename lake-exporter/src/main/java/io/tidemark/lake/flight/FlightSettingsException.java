package io.tidemark.lake.flight;

import java.util.List;

/** The settings of the endpoint make no sense; the message lists every mistake, one to a line. */
public final class FlightSettingsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    FlightSettingsException(List<String> mistakes) {
        super(String.join("\n", mistakes));
    }
}
