-- What the control side keeps: changes of the mode, divergences and their repair, back-fills, retention, feedback.

CREATE TABLE store_mode_history (
    epoch      bigint PRIMARY KEY,
    from_mode  text NOT NULL,
    to_mode    text NOT NULL,
    forced     boolean NOT NULL,
    automatic  boolean NOT NULL,
    changed_by text NOT NULL,
    reason     text NOT NULL,
    -- What the gate was shown, or what it lacked when it was forced.
    evidence   text NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- The tables were proved equal while this epoch lasted. It holds on for as long as only dual modes follow.
CREATE TABLE store_proof (
    epoch     bigint PRIMARY KEY,
    summary   text NOT NULL,
    proved_at timestamptz NOT NULL DEFAULT now()
);

-- The times that the missing rows lie between (null: not known), and when they were put right. One row per fault:
-- batches that follow each other and fail for the same reason extend it.
ALTER TABLE store_divergence
    ADD COLUMN first_ts    timestamptz,
    ADD COLUMN last_ts     timestamptz,
    ADD COLUMN batches     integer NOT NULL DEFAULT 1,
    ADD COLUMN updated_at  timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN repaired_at timestamptz;
CREATE INDEX store_divergence_open ON store_divergence (sink, topic, partition_no) WHERE repaired_at IS NULL;

ALTER TABLE dead_letters
    ADD COLUMN replay_wanted_at timestamptz,
    ADD COLUMN replay_taken_at  timestamptz,
    ADD COLUMN replayed_at      timestamptz,
    ADD COLUMN replays          integer NOT NULL DEFAULT 0,
    ADD COLUMN dropped_at       timestamptz;
CREATE INDEX dead_letters_to_replay ON dead_letters (id) WHERE replay_wanted_at IS NOT NULL;

CREATE TABLE store_backfill (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    direction    text NOT NULL CHECK (direction IN ('LEGACY_TO_PROVIDER', 'PROVIDER_TO_LEGACY')),
    from_ts      timestamptz NOT NULL,
    to_ts        timestamptz NOT NULL,
    -- The partition being copied and the last key of it that is done; both null before the first.
    part_lower   timestamptz,
    last_key     jsonb,
    rows_read    bigint NOT NULL DEFAULT 0,
    rows_written bigint NOT NULL DEFAULT 0,
    started_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    finished_at  timestamptz
);

CREATE TABLE store_retention_log (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_name text NOT NULL,
    partition  text NOT NULL,
    lower_ts   timestamptz NOT NULL,
    upper_ts   timestamptz NOT NULL,
    -- An estimate: nothing is counted before it goes.
    row_count  bigint NOT NULL,
    bytes      bigint NOT NULL,
    period     text NOT NULL,
    dropped_at timestamptz NOT NULL DEFAULT now()
);

-- What the sender of the rate signals last said, for back-fills; and which edges each writer has seen, so that the
-- one that sends knows also those whose records only others write.
CREATE TABLE store_feedback (
    consumer_group text NOT NULL,
    family         text NOT NULL,
    state          text NOT NULL,
    rate           double precision,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer_group, family)
) WITH (fillfactor = 50);
CREATE TABLE store_edges (
    consumer_group text NOT NULL,
    family         text NOT NULL,
    writer         text NOT NULL,
    edge           text NOT NULL,
    weight         double precision NOT NULL,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer_group, family, writer, edge)
) WITH (fillfactor = 50);

-- The partitions of every table that is partitioned by time.
CREATE VIEW tidemark_partitions AS
SELECT parent.relname::text AS table_name, child.oid AS partition_oid, child.relname::text AS partition_name,
    (regexp_match(b.bound, 'FROM \(''([^'']+)''\)'))[1]::timestamptz AS lower_ts,
    (regexp_match(b.bound, 'TO \(''([^'']+)''\)'))[1]::timestamptz AS upper_ts,
    greatest(child.reltuples, 0)::bigint AS row_estimate,
    pg_total_relation_size(child.oid) AS bytes
FROM pg_inherits i
JOIN pg_class parent ON parent.oid = i.inhparent
JOIN pg_class child ON child.oid = i.inhrelid
JOIN pg_namespace n ON n.oid = parent.relnamespace
CROSS JOIN LATERAL (SELECT pg_get_expr(child.relpartbound, child.oid) AS bound) b
WHERE parent.relkind = 'p' AND n.nspname = current_schema() AND b.bound LIKE 'FOR VALUES FROM (''%';
COMMENT ON VIEW tidemark_partitions IS 'Partitions by time: what each holds, from (included) and to (excluded), about how much.';

-- Comparing and copying concern all tenants at once. They go to partitions directly, and only as the role that owns
-- them and says so; through the parent nothing changes.
CREATE FUNCTION tidemark_open_partition(partition_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pg_policy
        WHERE polrelid = to_regclass(quote_ident(partition_name)) AND polname = 'every_tenant') THEN
        EXECUTE format(
            'CREATE POLICY every_tenant ON %I TO CURRENT_USER'
            || ' USING (current_setting(''tidemark.every_tenant'', true) = ''on'')'
            || ' WITH CHECK (current_setting(''tidemark.every_tenant'', true) = ''on'')', partition_name);
    END IF;
END
$$;
