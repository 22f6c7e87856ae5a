-- Views for research over the bars. Each shows the rows of the session's tenant (SET tidemark.tenant = 'name').

-- Like candles, with everything else that a bar says. What the legacy table does not know is null.
CREATE VIEW bars_all WITH (security_invoker = true) AS
SELECT tenant_id AS tenant, vendor AS source, symbol, timeframe, ts, open, high, low, close, volume,
    quote_volume, trade_count, revision, complete, rounded, edge
FROM bars_ohlcv
WHERE NOT tidemark_legacy_first()
UNION ALL
SELECT b.tenant_id, b.vendor, b.symbol, b.timeframe, b.ts, b.open_price, b.high_price, b.low_price, b.close_price,
    b.volume, NULL, b.trade_count, b.revision, b.complete, NULL, b.edge
FROM bars b
WHERE NOT tidemark_legacy_first() AND NOT EXISTS (
    SELECT 1 FROM bars_ohlcv p
    WHERE p.tenant_id = b.tenant_id AND p.vendor = b.vendor AND p.symbol = b.symbol
      AND p.timeframe = b.timeframe AND p.ts = b.ts)
UNION ALL
SELECT tenant_id, vendor, symbol, timeframe, ts, open_price, high_price, low_price, close_price,
    volume, NULL, trade_count, revision, complete, NULL, edge
FROM bars
WHERE tidemark_legacy_first()
UNION ALL
SELECT p.tenant_id, p.vendor, p.symbol, p.timeframe, p.ts, p.open, p.high, p.low, p.close, p.volume,
    p.quote_volume, p.trade_count, p.revision, p.complete, p.rounded, p.edge
FROM bars_ohlcv p
WHERE tidemark_legacy_first() AND NOT EXISTS (
    SELECT 1 FROM bars b
    WHERE b.tenant_id = p.tenant_id AND b.vendor = p.vendor AND b.symbol = p.symbol
      AND b.timeframe = p.timeframe AND b.ts = p.ts);
COMMENT ON VIEW bars_all IS 'candles with trade count, revision, completeness and edge.';
COMMENT ON COLUMN bars_all.complete IS 'False when a gap, a start or a stop fell into the bar.';

-- Seconds of an interval's name; null for a calendar month and what is no interval.
CREATE FUNCTION tidemark_interval_seconds(timeframe text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE substring(timeframe FROM '^[0-9]{1,9}([smhdw])$')
        WHEN 's' THEN 1 WHEN 'm' THEN 60 WHEN 'h' THEN 3600 WHEN 'd' THEN 86400 WHEN 'w' THEN 604800 END
        * substring(timeframe FROM '^([0-9]{1,9})[smhdw]$')::bigint
$$;

-- The last bar of each series. Series are found by stepping from key to key, not by reading all rows.
CREATE VIEW bars_latest WITH (security_invoker = true) AS
WITH RECURSIVE legacy_tenants AS (
    (SELECT tenant_id FROM bars ORDER BY 1 LIMIT 1)
    UNION ALL
    SELECT n.* FROM legacy_tenants k CROSS JOIN LATERAL (
        SELECT b.tenant_id FROM bars b WHERE b.tenant_id > k.tenant_id ORDER BY 1 LIMIT 1) n
), legacy AS (
    SELECT n.* FROM legacy_tenants k CROSS JOIN LATERAL (
        SELECT b.tenant_id, b.vendor, b.symbol, b.timeframe FROM bars b WHERE b.tenant_id = k.tenant_id
        ORDER BY 1, 2, 3, 4 LIMIT 1) n
    UNION ALL
    SELECT n.* FROM legacy k CROSS JOIN LATERAL (
        SELECT b.tenant_id, b.vendor, b.symbol, b.timeframe FROM bars b
        WHERE b.tenant_id = k.tenant_id AND (b.vendor, b.symbol, b.timeframe) > (k.vendor, k.symbol, k.timeframe)
        ORDER BY 1, 2, 3, 4 LIMIT 1) n
), provider_tenants AS (
    (SELECT tenant_id FROM bars_ohlcv ORDER BY 1 LIMIT 1)
    UNION ALL
    SELECT n.* FROM provider_tenants k CROSS JOIN LATERAL (
        SELECT b.tenant_id FROM bars_ohlcv b WHERE b.tenant_id > k.tenant_id ORDER BY 1 LIMIT 1) n
), provider AS (
    SELECT n.* FROM provider_tenants k CROSS JOIN LATERAL (
        SELECT b.tenant_id, b.vendor, b.symbol, b.timeframe FROM bars_ohlcv b WHERE b.tenant_id = k.tenant_id
        ORDER BY 1, 2, 3, 4 LIMIT 1) n
    UNION ALL
    SELECT n.* FROM provider k CROSS JOIN LATERAL (
        SELECT b.tenant_id, b.vendor, b.symbol, b.timeframe FROM bars_ohlcv b
        WHERE b.tenant_id = k.tenant_id AND (b.vendor, b.symbol, b.timeframe) > (k.vendor, k.symbol, k.timeframe)
        ORDER BY 1, 2, 3, 4 LIMIT 1) n
), series AS (SELECT * FROM legacy UNION SELECT * FROM provider)
SELECT l.tenant, l.source, l.symbol, l.timeframe, l.ts, l.open, l.high, l.low, l.close, l.volume,
    l.quote_volume, l.trade_count, l.revision, l.complete, l.rounded, l.edge
FROM series s CROSS JOIN LATERAL (
    SELECT * FROM (
        (SELECT false AS legacy, tenant_id AS tenant, vendor AS source, symbol, timeframe, ts, open, high, low, close,
            volume, quote_volume, trade_count, revision, complete, rounded, edge
        FROM bars_ohlcv p WHERE p.tenant_id = s.tenant_id AND p.vendor = s.vendor AND p.symbol = s.symbol
            AND p.timeframe = s.timeframe ORDER BY ts DESC LIMIT 1)
        UNION ALL
        (SELECT true, tenant_id, vendor, symbol, timeframe, ts, open_price, high_price, low_price, close_price,
            volume, NULL, trade_count, revision, complete, NULL, edge
        FROM bars b WHERE b.tenant_id = s.tenant_id AND b.vendor = s.vendor AND b.symbol = s.symbol
            AND b.timeframe = s.timeframe ORDER BY ts DESC LIMIT 1)) both_tables
    ORDER BY ts DESC, legacy = tidemark_legacy_first() DESC LIMIT 1) l;
COMMENT ON VIEW bars_latest IS 'The latest bar of each series (tenant, source, symbol, timeframe).';

CREATE VIEW bars_coverage WITH (security_invoker = true) AS
SELECT tenant, source, symbol, timeframe, (ts AT TIME ZONE 'UTC')::date AS day,
    count(*) AS bars, count(*) FILTER (WHERE NOT complete) AS incomplete,
    min(ts) AS first_ts, max(ts) AS last_ts,
    CASE WHEN tidemark_interval_seconds(timeframe) <= 86400
        THEN 86400 / tidemark_interval_seconds(timeframe) END AS expected,
    CASE WHEN tidemark_interval_seconds(timeframe) <= 86400
        THEN round(count(*) * tidemark_interval_seconds(timeframe) / 86400.0, 6) END AS ratio,
    sum(volume) AS volume
FROM bars_all
GROUP BY tenant, source, symbol, timeframe, (ts AT TIME ZONE 'UTC')::date;
COMMENT ON VIEW bars_coverage IS
    'Bars per series and UTC day beside as many as fit into a day. Without a trade there is no bar: fewer is no proof of loss.';

CREATE VIEW bars_gaps WITH (security_invoker = true) AS
SELECT tenant, source, symbol, timeframe, ts + step AS gap_from, next_ts AS gap_to,
    (extract(epoch FROM next_ts - ts - step) / extract(epoch FROM step))::bigint AS missing
FROM (
    SELECT tenant, source, symbol, timeframe, ts,
        make_interval(secs => tidemark_interval_seconds(timeframe)) AS step,
        lead(ts) OVER (PARTITION BY tenant, source, symbol, timeframe ORDER BY ts) AS next_ts
    FROM bars_all) b
WHERE next_ts > ts + step;
COMMENT ON VIEW bars_gaps IS
    'Stretches without a bar between two bars of a series, from (included) to (excluded). Quiet markets have such, too.';

CREATE VIEW bars_daily WITH (security_invoker = true) AS
SELECT tenant, source, symbol, timeframe, (ts AT TIME ZONE 'UTC')::date AS day,
    (array_agg(open ORDER BY ts))[1] AS open, max(high) AS high, min(low) AS low,
    (array_agg(close ORDER BY ts DESC))[1] AS close, sum(volume) AS volume,
    sum(trade_count)::bigint AS trade_count, bool_and(complete) AS complete
FROM bars_all
GROUP BY tenant, source, symbol, timeframe, (ts AT TIME ZONE 'UTC')::date;
COMMENT ON VIEW bars_daily IS 'UTC days made from the bars of each series and timeframe; volume is the exact sum.';

CREATE VIEW bars_differences WITH (security_invoker = true) AS
SELECT tenant_id AS tenant, vendor AS source, symbol, timeframe, ts,
    CASE WHEN p.close IS NULL THEN 'only in bars' WHEN b.close_price IS NULL THEN 'only in bars_ohlcv'
        ELSE 'different' END AS kind,
    b.open_price, p.open, b.high_price, p.high, b.low_price, p.low, b.close_price, p.close,
    b.volume AS legacy_volume, p.volume AS provider_volume
FROM bars b FULL JOIN bars_ohlcv p USING (tenant_id, vendor, symbol, timeframe, ts)
WHERE (b.open_price, b.high_price, b.low_price, b.close_price, b.volume, b.trade_count, b.revision, b.complete, b.edge)
    IS DISTINCT FROM (p.open, p.high, p.low, p.close, p.volume, p.trade_count, p.revision, p.complete, p.edge);
COMMENT ON VIEW bars_differences IS
    'Rows of the two bar tables that are not the same; the command parity does this for large tables and all tenants.';
