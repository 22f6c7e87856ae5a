-- Both bar tables hold the same facts; the legacy one keeps the older system's column names.
-- Text is compared by bytes (COLLATE "C"), so that the database orders as the writer does.

CREATE TABLE bars (
    tenant_id   text COLLATE "C" NOT NULL,
    vendor      text COLLATE "C" NOT NULL,
    symbol      text COLLATE "C" NOT NULL,
    timeframe   text COLLATE "C" NOT NULL,
    ts          timestamptz NOT NULL,
    open_price  numeric(38, 18),
    high_price  numeric(38, 18),
    low_price   numeric(38, 18),
    close_price numeric(38, 18) NOT NULL,
    volume      numeric(38, 18),
    -- What decides between two records of one bar.
    trade_count bigint NOT NULL DEFAULT 0,
    revision    bigint NOT NULL DEFAULT 0,
    complete    boolean NOT NULL DEFAULT true,
    edge        text COLLATE "C" NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, vendor, symbol, timeframe, ts)
) PARTITION BY RANGE (ts);

CREATE TABLE bars_ohlcv (
    tenant_id    text COLLATE "C" NOT NULL,
    vendor       text COLLATE "C" NOT NULL,
    symbol       text COLLATE "C" NOT NULL,
    timeframe    text COLLATE "C" NOT NULL,
    ts           timestamptz NOT NULL,
    ts_ns        bigint NOT NULL,
    source       text COLLATE "C" NOT NULL,
    open         numeric(38, 18),
    high         numeric(38, 18),
    low          numeric(38, 18),
    close        numeric(38, 18) NOT NULL,
    volume       numeric(38, 18),
    quote_volume numeric(38, 18),
    trade_count  bigint NOT NULL,
    revision     bigint NOT NULL,
    complete     boolean NOT NULL,
    rounded      boolean NOT NULL,
    edge         text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, vendor, symbol, timeframe, ts)
) PARTITION BY RANGE (ts);

-- The tenant whose rows a session sees and writes: the one it names, or this database's default.
CREATE FUNCTION tidemark_tenant() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('tidemark.tenant', true), ''), '${tenant}')
$$;

-- Forced, because the writer owns the tables and owners are exempt otherwise.
ALTER TABLE bars ENABLE ROW LEVEL SECURITY;
ALTER TABLE bars FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON bars
    USING (tenant_id = tidemark_tenant()) WITH CHECK (tenant_id = tidemark_tenant());
ALTER TABLE bars_ohlcv ENABLE ROW LEVEL SECURITY;
ALTER TABLE bars_ohlcv FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON bars_ohlcv
    USING (tenant_id = tidemark_tenant()) WITH CHECK (tenant_id = tidemark_tenant());

-- Partitions are reached through their parent only: they have row-level security without a policy.
CREATE FUNCTION tidemark_ensure_month(parent text, month date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    first date := date_trunc('month', month)::date;
    child text := parent || to_char(first, '_YYYYMM');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('tidemark_ensure_month'), hashtext(parent));
    IF to_regclass(quote_ident(child)) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format(
        'CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
        child, parent,
        to_char(first, 'YYYY-MM-DD') || ' 00:00:00+00',
        to_char(first + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', child);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', child);
    RETURN true;
END
$$;

-- How far each partition is written. A claim raises the epoch; rows and next_offset change in one transaction.
CREATE TABLE consumer_offsets (
    consumer_group text NOT NULL,
    topic          text NOT NULL,
    partition_no   integer NOT NULL,
    next_offset    bigint NOT NULL CHECK (next_offset >= 0),
    epoch          bigint NOT NULL,
    owner          text NOT NULL,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer_group, topic, partition_no)
) WITH (fillfactor = 50);

CREATE TABLE store_mode (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    mode       text NOT NULL CHECK (mode IN ('LEGACY', 'DUAL_LEGACY', 'DUAL_PROVIDER', 'PROVIDER')),
    epoch      bigint NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- Where the shadow table of a dual mode lacks what the primary has.
CREATE TABLE store_divergence (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sink         text NOT NULL,
    topic        text NOT NULL,
    partition_no integer NOT NULL,
    first_offset bigint NOT NULL,
    last_offset  bigint NOT NULL,
    rows_missing integer NOT NULL,
    sqlstate     text NOT NULL,
    reason       text NOT NULL,
    recorded_at  timestamptz NOT NULL DEFAULT now()
);

-- The outbox of the dead-letter topic, written in the offset transaction: one per record, whatever is repeated.
CREATE TABLE dead_letters (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic         text NOT NULL,
    partition_no  integer NOT NULL,
    record_offset bigint NOT NULL,
    reason        text NOT NULL,
    detail        text NOT NULL,
    record_key    bytea,
    record_value  bytea,
    created_at    timestamptz NOT NULL DEFAULT now(),
    published_at  timestamptz,
    UNIQUE (topic, partition_no, record_offset)
);
CREATE INDEX dead_letters_unpublished ON dead_letters (id) WHERE published_at IS NULL;

-- What slices and corpora are read from, in every mode: the provider's rows, and the legacy rows it lacks.
CREATE VIEW candles WITH (security_invoker = true) AS
SELECT tenant_id AS tenant, vendor AS source, symbol, timeframe, ts, open, high, low, close, volume
FROM bars_ohlcv
UNION ALL
SELECT b.tenant_id, b.vendor, b.symbol, b.timeframe, b.ts, b.open_price, b.high_price, b.low_price, b.close_price, b.volume
FROM bars b
WHERE NOT EXISTS (
    SELECT 1 FROM bars_ohlcv p
    WHERE p.tenant_id = b.tenant_id AND p.vendor = b.vendor AND p.symbol = b.symbol
      AND p.timeframe = b.timeframe AND p.ts = b.ts);
