package io.tidemark.lake.flight;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The views that researchers see, made of the columns that the event files really have.
 *
 * <p>{@code events} has every column and every kind; each kind has a view with the columns that belong to it.
 * Every exact view has a twin {@code _f64} with DOUBLE in place of decimals, because the product of two
 * decimals of precision 38 overflows. {@code live} is the tail that is not sealed yet.
 */
final class LakeViews {
    static final String ALL = "events";
    static final String TWIN = "_f64";

    /** The provisional tail, of every kind; never part of {@link #ALL}. */
    static final String LIVE = "live";

    private static final Set<String> COMMON = words("tenant edge incarnation source channel symbol venue_symbol"
            + " connector sequence event_time event_time_is_receive_time receive_time exchange_time schema_version");

    private static final Map<String, Kind> KINDS = kinds();

    private LakeViews() {}

    /** A column of an event file and its type as the engine spells it. */
    record Column(String name, String type) {}

    /** Which rows and which columns make a kind. */
    private record Kind(String condition, Set<String> columns) {}

    /** All view names. */
    static Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        names.add(ALL);
        names.add(ALL + TWIN);
        names.add(LIVE);
        names.add(LIVE + TWIN);
        for (String kind : KINDS.keySet()) {
            names.add(kind);
            names.add(kind + TWIN);
        }
        return names;
    }

    /** The statements that make the views over two relations with these columns. */
    static List<String> statements(String relation, String live, List<Column> columns) {
        List<String> statements = new ArrayList<>();
        statements.add(view(ALL, columns, relation, "", false));
        statements.add(view(ALL + TWIN, columns, ALL, "", true));
        statements.add(view(LIVE, columns, live, "", false));
        statements.add(view(LIVE + TWIN, columns, LIVE, "", true));
        KINDS.forEach((name, kind) -> {
            List<Column> own = columns.stream()
                    .filter(column -> holds(name, column.name()))
                    .toList();
            statements.add(view(name, own, ALL, " WHERE " + kind.condition(), false));
            statements.add(view(name + TWIN, own, ALL, " WHERE " + kind.condition(), true));
        });
        return statements;
    }

    /** The statement that gives a view of everything another relation with the same columns. */
    static String replacement(String name, String relation, List<Column> columns) {
        return "CREATE OR REPLACE" + view(name, columns, relation, "", false).substring("CREATE".length());
    }

    /** The statement that lets a connection see a view over another relation, in place of the one that all see. */
    static String temporary(String name, String relation, List<Column> columns) {
        boolean approximate = name.endsWith(TWIN);
        String exact = approximate ? name.substring(0, name.length() - TWIN.length()) : name;
        Kind kind = KINDS.get(exact);
        List<Column> own =
                columns.stream().filter(column -> holds(name, column.name())).toList();
        return "CREATE TEMP"
                + view(name, own, relation, kind == null ? "" : " WHERE " + kind.condition(), approximate)
                        .substring("CREATE".length());
    }

    /** Whether a view has this column of the event files. */
    static boolean holds(String view, String column) {
        String exact = view.endsWith(TWIN) ? view.substring(0, view.length() - TWIN.length()) : view;
        Kind kind = KINDS.get(exact);
        return kind == null || COMMON.contains(column) || kind.columns().contains(column);
    }

    /** Whether a column is part of the common head or of some kind. */
    static boolean placed(String column) {
        return COMMON.contains(column)
                || KINDS.values().stream().anyMatch(kind -> kind.columns().contains(column));
    }

    /** Columns that a kind asks for and files do not have: a sign that a name was changed on one side only. */
    static List<String> unknownTo(List<String> columns) {
        return KINDS.values().stream()
                .flatMap(kind -> kind.columns().stream())
                .filter(column -> !columns.contains(column))
                .distinct()
                .sorted()
                .toList();
    }

    private static String view(
            String name, List<Column> columns, String relation, String condition, boolean approximate) {
        StringBuilder sql = new StringBuilder("CREATE VIEW ").append(name).append(" AS SELECT ");
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            sql.append(i == 0 ? "" : ", ");
            String quoted = quote(column.name());
            if (column.type().equals("TIMESTAMPTZ_NS")) {
                // The engine has no date_trunc, time_bucket or interval arithmetic for instants of nanoseconds, and
                // the JDBC driver's getObject refuses times with a zone. All times here are UTC.
                sql.append("CAST(").append(quoted).append(" AS TIMESTAMP_NS) AS ");
            }
            if (approximate && column.type().toUpperCase(Locale.ROOT).contains("DECIMAL(")) {
                String type = column.type().replaceAll("(?i)DECIMAL\\(\\d+,\\s*\\d+\\)", "DOUBLE");
                sql.append("CAST(").append(quoted).append(" AS ").append(type).append(") AS ");
            }
            sql.append(quoted);
        }
        return sql.append(" FROM ").append(relation).append(condition).toString();
    }

    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static Map<String, Kind> kinds() {
        String levels = " bid_prices bid_sizes ask_prices ask_sizes checksum ";
        String top = " bid_price bid_size ask_price ask_size ";
        Map<String, Kind> kinds = new LinkedHashMap<>();
        kinds.put(
                "trades",
                channel("trades", "trade_id price size side first_trade_id last_trade_id repeated_by_venue rounded"));
        kinds.put("quotes", channel("quotes", top + "update_id"));
        kinds.put("book_snapshots", channel("book-snapshots", levels + "last_update_id"));
        kinds.put(
                "book_deltas",
                channel("book-deltas", levels + "first_update_id last_update_id previous_update_id synchronised"));
        kinds.put(
                "tickers",
                channel(
                        "tickers",
                        top + "last_price last_size open high low volume quote_volume mark_price index_price"
                                + " funding_rate next_funding_time open_interest"));
        kinds.put(
                "bars",
                new Kind(
                        "starts_with(channel, 'bars-')",
                        words("timeframe open_time open high low close volume trade_count revision complete vendor"
                                + " quote_volume rounded")));
        kinds.put(
                "options",
                channel(
                        "options",
                        top + "contract underlying expiry strike option_right last_price mark_price volume"
                                + " open_interest implied_volatility delta gamma vega theta rho underlying_price"
                                + " rounded"));
        kinds.put(
                "fundamentals",
                channel(
                        "fundamentals",
                        "taxonomy concept unit period_start period_end value accession fiscal_year fiscal_period form"
                                + " filed reporting_frame rounded"));
        kinds.put("news", channel("news", "item_id title publisher link summary symbols sentiment"));
        kinds.put("gaps", channel("gaps", "gap_reason gap_channel from_time to_time expected_id received_id detail"));
        kinds.put(
                "sessions",
                channel("sessions", "session_change detail conflated_channel conflated_first conflated_last"));
        return kinds;
    }

    private static Kind channel(String channel, String columns) {
        return new Kind("channel = '" + channel + "'", words(columns));
    }

    private static Set<String> words(String words) {
        return Set.of(words.strip().split("\\s+"));
    }
}
