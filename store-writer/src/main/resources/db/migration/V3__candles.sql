-- Which of the two bar tables is the truth at this moment. For views: whoever may read them need not see store_mode.
CREATE FUNCTION tidemark_legacy_first() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT coalesce((SELECT mode IN ('LEGACY', 'DUAL_LEGACY') FROM store_mode), false)
$$;

-- One candle per key in every mode: the primary table's row, and the other table's where the primary has none. The
-- columns are a contract with those that export slices and corpora. Only one half of the union is ever run.
CREATE OR REPLACE VIEW candles WITH (security_invoker = true) AS
SELECT tenant_id AS tenant, vendor AS source, symbol, timeframe, ts, open, high, low, close, volume
FROM bars_ohlcv
WHERE NOT tidemark_legacy_first()
UNION ALL
SELECT b.tenant_id, b.vendor, b.symbol, b.timeframe, b.ts, b.open_price, b.high_price, b.low_price, b.close_price, b.volume
FROM bars b
WHERE NOT tidemark_legacy_first() AND NOT EXISTS (
    SELECT 1 FROM bars_ohlcv p
    WHERE p.tenant_id = b.tenant_id AND p.vendor = b.vendor AND p.symbol = b.symbol
      AND p.timeframe = b.timeframe AND p.ts = b.ts)
UNION ALL
SELECT tenant_id, vendor, symbol, timeframe, ts, open_price, high_price, low_price, close_price, volume
FROM bars
WHERE tidemark_legacy_first()
UNION ALL
SELECT p.tenant_id, p.vendor, p.symbol, p.timeframe, p.ts, p.open, p.high, p.low, p.close, p.volume
FROM bars_ohlcv p
WHERE tidemark_legacy_first() AND NOT EXISTS (
    SELECT 1 FROM bars b
    WHERE b.tenant_id = p.tenant_id AND b.vendor = p.vendor AND b.symbol = p.symbol
      AND b.timeframe = p.timeframe AND b.ts = p.ts);

COMMENT ON VIEW candles IS 'One row per bar, from the primary bar table; the other table fills what the primary lacks.';
COMMENT ON COLUMN candles.source IS 'Who made the bar: the venue, or <venue>-native for the venue''s own candles.';
COMMENT ON COLUMN candles.ts IS 'Opening time.';
COMMENT ON COLUMN candles.volume IS 'Of the base currency; null where the maker gives none.';
