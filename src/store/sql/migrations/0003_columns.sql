-- Columns beside the rows, so that a file opens to its charts without a look at every row.

-- The unique index on the ids gets a name: one inside the table cannot be made at the end of a first
-- import, by sorting. SQLite changes no constraint of a table that is there, so the rows move to a new one.
DROP VIEW usage_logs_readable;
ALTER TABLE raw_usage_logs RENAME TO raw_usage_logs_of_version_2;

-- A rowid table: WITHOUT ROWID on random ids takes twice as long to fill.
-- Metadata comes last, so that a scan of the figures need not follow a long text's overflow pages.
CREATE TABLE raw_usage_logs (
    id            BLOB NOT NULL CHECK (length(id) = 16),
    user_code     INTEGER NOT NULL,
    action_code   INTEGER NOT NULL,
    format_code   INTEGER,
    quality_code  INTEGER,
    credits_nano  INTEGER NOT NULL CHECK (credits_nano > -9223372036854775808),
    -- The years 1 to 9999.
    created_at_us INTEGER NOT NULL CHECK (created_at_us BETWEEN -62135596800000000 AND 253402300799999999),
    batch         INTEGER NOT NULL,
    metadata      TEXT
) STRICT;

INSERT INTO raw_usage_logs
    (rowid, id, user_code, action_code, format_code, quality_code, credits_nano, created_at_us, batch, metadata)
SELECT rowid, id, user_code, action_code, format_code, quality_code, credits_nano, created_at_us, batch, metadata
FROM raw_usage_logs_of_version_2
ORDER BY rowid;

DROP TABLE raw_usage_logs_of_version_2;

CREATE UNIQUE INDEX raw_usage_logs_id ON raw_usage_logs (id);

-- The platform's five indexes: same names, keys and order.
CREATE INDEX idx_usage_logs_user_created ON raw_usage_logs (user_code, created_at_us DESC);
CREATE INDEX idx_usage_logs_action ON raw_usage_logs (action_code, created_at_us DESC);
CREATE INDEX idx_usage_logs_format_quality ON raw_usage_logs (format_code, quality_code);
CREATE INDEX idx_usage_logs_created ON raw_usage_logs (created_at_us DESC);
CREATE INDEX idx_usage_logs_credits ON raw_usage_logs (credits_nano DESC);

-- For people who open the file with another tool: the shape of the platform's own table.
CREATE VIEW usage_logs_readable AS
SELECT
    lower(substr(hex(log.id), 1, 8) || '-' || substr(hex(log.id), 9, 4) || '-' || substr(hex(log.id), 13, 4)
        || '-' || substr(hex(log.id), 17, 4) || '-' || substr(hex(log.id), 21, 12)) AS id,
    (SELECT lower(substr(hex(user.id), 1, 8) || '-' || substr(hex(user.id), 9, 4) || '-'
        || substr(hex(user.id), 13, 4) || '-' || substr(hex(user.id), 17, 4) || '-'
        || substr(hex(user.id), 21, 12)) FROM raw_users AS user WHERE user.code = log.user_code) AS user_id,
    (SELECT name FROM raw_actions WHERE code = log.action_code) AS action,
    -- By its size and a sign of its own, else -0.5 would lose the sign.
    iif(log.credits_nano < 0, '-', '') || (abs(log.credits_nano) / 1000000000)
        || rtrim(rtrim(printf('.%09d', abs(log.credits_nano) % 1000000000), '0'), '.') AS credits_consumed,
    log.metadata AS metadata,
    -- The second is rounded down, also before 1970, and the fraction counts up from it.
    strftime('%Y-%m-%dT%H:%M:%S',
        (log.created_at_us - (log.created_at_us % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch')
        || rtrim(rtrim(printf('.%06d', (log.created_at_us % 1000000 + 1000000) % 1000000), '0'), '.')
        || '+00:00' AS created_at,
    (SELECT name FROM raw_formats WHERE code = log.format_code) AS format,
    (SELECT name FROM raw_qualities WHERE code = log.quality_code) AS quality
FROM raw_usage_logs AS log;

-- The rows' time, user, action, format, quality and credits once more, 65,536 rows at a time, in the order
-- of time: the base, and behind it the tail, with the rows that came later.
CREATE TABLE raw_column_segments (
    kind         TEXT NOT NULL CHECK (kind IN ('base', 'tail')),
    nth          INTEGER NOT NULL,
    rows         INTEGER NOT NULL,
    min_time_us  INTEGER NOT NULL,
    max_time_us  INTEGER NOT NULL,
    -- The greatest of the credits, signs put aside.
    max_abs_nano INTEGER NOT NULL,
    -- CRC-32 of `data`.
    checksum     INTEGER NOT NULL,
    data         BLOB NOT NULL,
    PRIMARY KEY (kind, nth)
) STRICT;

-- Which rows there are, and which ones the segments hold: they stand for the rows while both numbers are
-- the same. Numbers are random, so that copies of a file that went different ways never share one.
CREATE TABLE raw_column_state (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    generation  INTEGER NOT NULL,
    segments_of INTEGER,
    base_rows   INTEGER NOT NULL,
    tail_rows   INTEGER NOT NULL
) STRICT;

INSERT INTO raw_column_state (one, generation, segments_of, base_rows, tail_rows)
SELECT 1, 0, iif(EXISTS (SELECT 1 FROM raw_usage_logs), NULL, 0), 0, 0;

-- Other programs cannot know of the segments. creditscope runs without triggers, and keeps the state itself.
CREATE TRIGGER raw_usage_logs_inserted AFTER INSERT ON raw_usage_logs
BEGIN UPDATE raw_column_state SET generation = random(); END;
CREATE TRIGGER raw_usage_logs_updated AFTER UPDATE ON raw_usage_logs
BEGIN UPDATE raw_column_state SET generation = random(); END;
CREATE TRIGGER raw_usage_logs_deleted AFTER DELETE ON raw_usage_logs
BEGIN UPDATE raw_column_state SET generation = random(); END;
CREATE TRIGGER raw_users_inserted AFTER INSERT ON raw_users
BEGIN UPDATE raw_column_state SET generation = random(); END;
CREATE TRIGGER raw_users_updated AFTER UPDATE ON raw_users
BEGIN UPDATE raw_column_state SET generation = random(); END;
CREATE TRIGGER raw_users_deleted AFTER DELETE ON raw_users
BEGIN UPDATE raw_column_state SET generation = random(); END;
CREATE TRIGGER raw_actions_inserted AFTER INSERT ON raw_actions
BEGIN UPDATE raw_column_state SET generation = random(); END;
CREATE TRIGGER raw_actions_updated AFTER UPDATE ON raw_actions
BEGIN UPDATE raw_column_state SET generation = random(); END;
CREATE TRIGGER raw_actions_deleted AFTER DELETE ON raw_actions
BEGIN UPDATE raw_column_state SET generation = random(); END;
CREATE TRIGGER raw_formats_inserted AFTER INSERT ON raw_formats
BEGIN UPDATE raw_column_state SET generation = random(); END;
CREATE TRIGGER raw_formats_updated AFTER UPDATE ON raw_formats
BEGIN UPDATE raw_column_state SET generation = random(); END;
CREATE TRIGGER raw_formats_deleted AFTER DELETE ON raw_formats
BEGIN UPDATE raw_column_state SET generation = random(); END;
CREATE TRIGGER raw_qualities_inserted AFTER INSERT ON raw_qualities
BEGIN UPDATE raw_column_state SET generation = random(); END;
CREATE TRIGGER raw_qualities_updated AFTER UPDATE ON raw_qualities
BEGIN UPDATE raw_column_state SET generation = random(); END;
CREATE TRIGGER raw_qualities_deleted AFTER DELETE ON raw_qualities
BEGIN UPDATE raw_column_state SET generation = random(); END;
