-- A file of version 3 as it was written then. Never to be changed: it stands for the files that are about.
PRAGMA application_id = 1131565923;
PRAGMA user_version = 3;
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
, removed_at_us INTEGER, keeps_former INTEGER NOT NULL DEFAULT 0 CHECK (keeps_former IN (0, 1))) STRICT;

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
, user_id BLOB CHECK (length(user_id) = 16), action TEXT, credits_nano INTEGER, created_at_us INTEGER, format TEXT, quality TEXT, metadata TEXT, taken_at_us INTEGER, taken_by TEXT) STRICT;

CREATE TABLE raw_repeats (
    batch    INTEGER NOT NULL,
    of_batch INTEGER NOT NULL,
    rows     INTEGER NOT NULL,
    PRIMARY KEY (batch, of_batch)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE raw_former_states (
    kind         TEXT NOT NULL,
    user_id      BLOB NOT NULL CHECK (length(user_id) = 16),
    nth          INTEGER NOT NULL,
    batch        INTEGER NOT NULL,
    former_batch INTEGER NOT NULL,
    value        TEXT,
    PRIMARY KEY (kind, user_id, nth)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE raw_column_state (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    generation  INTEGER NOT NULL,
    segments_of INTEGER,
    base_rows   INTEGER NOT NULL,
    tail_rows   INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX raw_usage_logs_id ON raw_usage_logs (id);

CREATE INDEX idx_usage_logs_user_created ON raw_usage_logs (user_code, created_at_us DESC);

CREATE INDEX idx_usage_logs_action ON raw_usage_logs (action_code, created_at_us DESC);

CREATE INDEX idx_usage_logs_format_quality ON raw_usage_logs (format_code, quality_code);

CREATE INDEX idx_usage_logs_created ON raw_usage_logs (created_at_us DESC);

CREATE INDEX idx_usage_logs_credits ON raw_usage_logs (credits_nano DESC);

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
INSERT INTO raw_column_segments (kind, nth, rows, min_time_us, max_time_us, max_abs_nano, checksum, data)
VALUES ('base', 0, 5, -62135596800000000, 253402300799999999, 9223372036854775807, 1873191081,
    X'00000000000000000100000000000000080000000000000000a0dc14fffebfdc0060e316000000000000289233923d0600ff37e1987a067e03010000000000000001000000000000000101010000000100000000000000010000000000000000030000000000000000000000010000000000000001000201000000000000000001000000000000000100000100000000000000000100000000000000010001000200009b32e2ffffffff010000000000000008ff64cd1d0000008000000000000000000065cd1d00000000005ed0b200000000ff64cd1d00000000');
INSERT INTO raw_column_state (one, generation, segments_of, base_rows, tail_rows) VALUES (1, 77, 77, 5, 0);

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
