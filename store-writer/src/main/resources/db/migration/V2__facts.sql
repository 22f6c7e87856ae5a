-- What is no bar: one table each, by month of the time, one row per key, the latest received record of it.

CREATE TABLE options (
    tenant_id          text COLLATE "C" NOT NULL,
    source             text COLLATE "C" NOT NULL,
    contract           text COLLATE "C" NOT NULL,
    ts                 timestamptz NOT NULL,
    ts_ns              bigint NOT NULL,
    symbol             text COLLATE "C" NOT NULL,
    underlying         text COLLATE "C" NOT NULL,
    expiry             timestamptz NOT NULL,
    strike             numeric(38, 18) NOT NULL,
    option_right       text COLLATE "C" NOT NULL CHECK (option_right IN ('call', 'put')),
    bid_price          numeric(38, 18),
    bid_size           numeric(38, 18),
    ask_price          numeric(38, 18),
    ask_size           numeric(38, 18),
    last_price         numeric(38, 18),
    mark_price         numeric(38, 18),
    volume             numeric(38, 18),
    open_interest      numeric(38, 18),
    implied_volatility numeric(38, 18),
    delta              numeric(38, 18),
    gamma              numeric(38, 18),
    vega               numeric(38, 18),
    theta              numeric(38, 18),
    rho                numeric(38, 18),
    underlying_price   numeric(38, 18),
    rounded            boolean NOT NULL,
    edge               text COLLATE "C" NOT NULL,
    received_ns        bigint NOT NULL,
    -- ts keeps microseconds only.
    PRIMARY KEY (tenant_id, source, contract, ts, ts_ns)
) PARTITION BY RANGE (ts);

-- A filing's revision of a fact is a row of its own; ts is the day it was filed, or the period's end.
CREATE TABLE fundamentals (
    tenant_id     text COLLATE "C" NOT NULL,
    source        text COLLATE "C" NOT NULL,
    symbol        text COLLATE "C" NOT NULL,
    taxonomy      text COLLATE "C" NOT NULL,
    concept       text COLLATE "C" NOT NULL,
    unit          text COLLATE "C" NOT NULL,
    period_start  date,
    period_end    date NOT NULL,
    accession     text COLLATE "C" NOT NULL,
    ts            timestamptz NOT NULL,
    value         numeric(38, 18) NOT NULL,
    fiscal_year   bigint,
    fiscal_period text COLLATE "C" NOT NULL,
    form          text COLLATE "C" NOT NULL,
    filed         date,
    frame         text COLLATE "C" NOT NULL,
    rounded       boolean NOT NULL,
    edge          text COLLATE "C" NOT NULL,
    received_ns   bigint NOT NULL,
    -- A balance has no first day, and is the same balance when it comes again.
    UNIQUE NULLS NOT DISTINCT
        (tenant_id, source, symbol, taxonomy, concept, unit, period_start, period_end, accession, ts)
) PARTITION BY RANGE (ts);

-- An item stands once, under its latest time.
CREATE TABLE news (
    tenant_id   text COLLATE "C" NOT NULL,
    source      text COLLATE "C" NOT NULL,
    item_id     text COLLATE "C" NOT NULL,
    ts          timestamptz NOT NULL,
    ts_ns       bigint NOT NULL,
    symbol      text COLLATE "C" NOT NULL,
    title       text NOT NULL,
    publisher   text NOT NULL,
    link        text NOT NULL,
    summary     text NOT NULL,
    symbols     text[] NOT NULL,
    sentiment   numeric(38, 18),
    edge        text COLLATE "C" NOT NULL,
    received_ns bigint NOT NULL,
    PRIMARY KEY (tenant_id, source, item_id, ts)
) PARTITION BY RANGE (ts);

ALTER TABLE options ENABLE ROW LEVEL SECURITY;
ALTER TABLE options FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON options
    USING (tenant_id = tidemark_tenant()) WITH CHECK (tenant_id = tidemark_tenant());
ALTER TABLE fundamentals ENABLE ROW LEVEL SECURITY;
ALTER TABLE fundamentals FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON fundamentals
    USING (tenant_id = tidemark_tenant()) WITH CHECK (tenant_id = tidemark_tenant());
ALTER TABLE news ENABLE ROW LEVEL SECURITY;
ALTER TABLE news FORCE ROW LEVEL SECURITY;
CREATE POLICY one_tenant ON news
    USING (tenant_id = tidemark_tenant()) WITH CHECK (tenant_id = tidemark_tenant());

-- What a drop policy threw away, written with the offsets; it is still in the edges' durable record.
CREATE TABLE store_drops (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic        text NOT NULL,
    partition_no integer NOT NULL,
    first_offset bigint NOT NULL,
    last_offset  bigint NOT NULL,
    records      bigint NOT NULL,
    reason       text NOT NULL,
    -- [{"edge", "incarnation", "source", "channel", "symbol", "first", "last", "count"}], sequences inclusive.
    identities   jsonb NOT NULL,
    dropped_at   timestamptz NOT NULL DEFAULT now()
);

-- A topic that is deleted and made anew begins at offset 0 again: what came from it before is of another generation.
ALTER TABLE consumer_offsets
    ADD COLUMN topic_id text NOT NULL DEFAULT '',
    ADD COLUMN generation integer NOT NULL DEFAULT 0;
ALTER TABLE dead_letters
    ADD COLUMN generation integer NOT NULL DEFAULT 0,
    DROP CONSTRAINT dead_letters_topic_partition_no_record_offset_key,
    ADD UNIQUE (topic, partition_no, record_offset, generation);
