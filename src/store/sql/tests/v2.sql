-- A file of version 2 as it was written then. Never to be changed: it stands for the files that are about.
PRAGMA application_id = 1131565923;
PRAGMA user_version = 2;
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

-- Imports that can be taken back.

-- When the batch was removed. What it did is then history, and its number is not given again.
ALTER TABLE raw_imports ADD COLUMN removed_at_us INTEGER;
-- 1 where what the batch replaced is kept below; 0 for batches that version 1 of the file took in.
ALTER TABLE raw_imports ADD COLUMN keeps_former INTEGER NOT NULL DEFAULT 0 CHECK (keeps_former IN (0, 1));

-- How many rows of an earlier batch a batch had again. A row counts once, however often it came.
CREATE TABLE raw_repeats (
    batch    INTEGER NOT NULL,
    of_batch INTEGER NOT NULL,
    rows     INTEGER NOT NULL,
    PRIMARY KEY (batch, of_batch)
) STRICT, WITHOUT ROWID;

-- The row of a conflict as it was understood, so that it can be taken. All NULL where it was not kept:
-- in conflicts of version 1, of other tables, and of very long metadata.
ALTER TABLE raw_conflicts ADD COLUMN user_id BLOB CHECK (length(user_id) = 16);
ALTER TABLE raw_conflicts ADD COLUMN action TEXT;
ALTER TABLE raw_conflicts ADD COLUMN credits_nano INTEGER;
ALTER TABLE raw_conflicts ADD COLUMN created_at_us INTEGER;
ALTER TABLE raw_conflicts ADD COLUMN format TEXT;
ALTER TABLE raw_conflicts ADD COLUMN quality TEXT;
ALTER TABLE raw_conflicts ADD COLUMN metadata TEXT;
-- When somebody took this version for the row, and who: a user of the machine.
ALTER TABLE raw_conflicts ADD COLUMN taken_at_us INTEGER;
ALTER TABLE raw_conflicts ADD COLUMN taken_by TEXT;

-- What a log row was before a batch changed it, in the order of the changes (`nth`, from 1).
-- More digits change credits and time only, and the other columns are NULL; a version that was taken
-- changes all, and then `user_id` and `action` are there.
CREATE TABLE raw_former_logs (
    id            BLOB NOT NULL CHECK (length(id) = 16),
    nth           INTEGER NOT NULL,
    batch         INTEGER NOT NULL,
    changed_at_us INTEGER NOT NULL,
    changed_by    TEXT,
    credits_nano  INTEGER NOT NULL,
    created_at_us INTEGER NOT NULL,
    user_id       BLOB CHECK (length(user_id) = 16),
    action        TEXT,
    format        TEXT,
    quality       TEXT,
    metadata      TEXT,
    PRIMARY KEY (id, nth)
) STRICT, WITHOUT ROWID;

-- What the state of a user was before a batch replaced it, in the order of the changes (`nth`, from 1):
-- the `username`, or the `roles` as a JSON array. A state that was the first has nothing here.
CREATE TABLE raw_former_states (
    kind         TEXT NOT NULL,
    user_id      BLOB NOT NULL CHECK (length(user_id) = 16),
    nth          INTEGER NOT NULL,
    batch        INTEGER NOT NULL,
    former_batch INTEGER NOT NULL,
    value        TEXT,
    PRIMARY KEY (kind, user_id, nth)
) STRICT, WITHOUT ROWID;

INSERT INTO raw_users (code, id) VALUES (1, X'00000000000000000000000000000ada');
INSERT INTO raw_users (code, id) VALUES (2, X'00000000000000000000000000000b0b');
INSERT INTO raw_actions (code, name) VALUES (1, 'image');
INSERT INTO raw_formats (code, name) VALUES (1, 'png');
INSERT INTO raw_formats (code, name) VALUES (2, '');
INSERT INTO raw_qualities (code, name) VALUES (1, 'high');
INSERT INTO raw_usage_logs
    (id, user_code, action_code, format_code, quality_code, credits_nano, created_at_us, batch, metadata)
VALUES
    (X'550e8400e29b41d4a716446655440000', 1, 1, 1, 1, 2500000000, 1756548000000000, 1, '{"a": 1}'),
    (X'00000000000000000000000000000002', 2, 1, 2, NULL, -500000000, -1500000, 1, NULL),
    (X'00000000000000000000000000000003', 2, 1, NULL, NULL, 9223372036854775807, -62135596800000000, 1, NULL),
    (X'00000000000000000000000000000004', 1, 1, NULL, NULL, -1, 253402300799999999, 1, ''),
    (X'00000000000000000000000000000005', 1, 1, NULL, NULL, 0, 0, 1, NULL);
INSERT INTO raw_profiles (user_id, username, batch) VALUES (X'00000000000000000000000000000ada', 'ada', 1);
INSERT INTO raw_user_roles (user_id, role, batch) VALUES (X'00000000000000000000000000000ada', 'admin', 1);
INSERT INTO raw_imports
VALUES (1, 'usage_logs', 'usage_logs.csv', 1234, 'ab', 1756548000000000, 'csv', 7, 5, 0, 0, 1, 1, NULL, 1);
INSERT INTO raw_rejects VALUES (1, 'usage_logs', 6, 7, 'user_id', 'not a uuid', 'user-uuid-here');
INSERT INTO raw_conflicts
VALUES (1, 'usage_logs', 7, 8, X'550e8400e29b41d4a716446655440000', 'credits differ', '550e8400…',
    X'00000000000000000000000000000b0b', 'chat', 7000000000, 1756548000000000, NULL, 'high', '{}', NULL, NULL);
