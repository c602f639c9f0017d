-- Values that repeat are kept once, under a code. Codes run from 1 without gaps, in the order of
-- arrival: they say nothing, and nothing is ever ordered by them.
CREATE TABLE raw_users (
    code INTEGER PRIMARY KEY,
    id   BLOB NOT NULL UNIQUE CHECK (length(id) = 16)
) STRICT;

CREATE TABLE raw_actions (
    code INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE raw_formats (
    code INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE raw_qualities (
    code INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- A rowid table: WITHOUT ROWID on random ids takes twice as long to fill.
-- Metadata comes last, so that a scan of the figures need not follow a long text's overflow pages.
CREATE TABLE raw_usage_logs (
    id            BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
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

-- The platform's five indexes: same names, keys and order.
CREATE INDEX idx_usage_logs_user_created ON raw_usage_logs (user_code, created_at_us DESC);
CREATE INDEX idx_usage_logs_action ON raw_usage_logs (action_code, created_at_us DESC);
CREATE INDEX idx_usage_logs_format_quality ON raw_usage_logs (format_code, quality_code);
CREATE INDEX idx_usage_logs_created ON raw_usage_logs (created_at_us DESC);
CREATE INDEX idx_usage_logs_credits ON raw_usage_logs (credits_nano DESC);

-- Profiles and roles are states: a later import replaces them.
CREATE TABLE raw_profiles (
    user_id  BLOB NOT NULL PRIMARY KEY CHECK (length(user_id) = 16),
    username TEXT,
    batch    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE raw_user_roles (
    user_id BLOB NOT NULL CHECK (length(user_id) = 16),
    role    TEXT NOT NULL,
    batch   INTEGER NOT NULL,
    PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;

-- What was imported: a row for each table found in a file. A file is one batch.
CREATE TABLE raw_imports (
    batch          INTEGER NOT NULL,
    table_name     TEXT NOT NULL,
    path           TEXT NOT NULL,
    size_bytes     INTEGER NOT NULL,
    sha256         TEXT NOT NULL,
    imported_at_us INTEGER NOT NULL,
    format         TEXT NOT NULL,
    rows_read      INTEGER NOT NULL,
    imported       INTEGER NOT NULL,
    updated        INTEGER NOT NULL,
    repeats        INTEGER NOT NULL,
    conflicts      INTEGER NOT NULL,
    rejected       INTEGER NOT NULL
) STRICT;

CREATE TABLE raw_rejects (
    batch       INTEGER NOT NULL,
    table_name  TEXT NOT NULL,
    row         INTEGER NOT NULL,
    line        INTEGER NOT NULL,
    column_name TEXT,
    reason      TEXT NOT NULL,
    raw         TEXT NOT NULL
) STRICT;

CREATE TABLE raw_conflicts (
    batch      INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row        INTEGER NOT NULL,
    line       INTEGER NOT NULL,
    id         BLOB NOT NULL CHECK (length(id) = 16),
    reason     TEXT NOT NULL,
    raw        TEXT NOT NULL
) STRICT;

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
