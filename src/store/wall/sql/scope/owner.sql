-- `auth.uid()` is the one row of `scope`. The rule stands here, not a list of rows or codes: what is
-- imported later is covered too.
CREATE TEMP TABLE {prefix}scope (id BLOB NOT NULL);

CREATE TEMP VIEW {prefix}usage_logs AS
SELECT
    log.rowid AS row,
    log.id AS id,
    log.user_code AS user_code,
    log.action_code AS action_code,
    log.format_code AS format_code,
    log.quality_code AS quality_code,
    (SELECT id FROM {schema}.raw_users WHERE code = log.user_code) AS user_id,
    (SELECT name FROM {schema}.raw_actions WHERE code = log.action_code) AS action,
    log.credits_nano AS credits_nano,
    log.metadata AS metadata,
    log.created_at_us AS created_at_us,
    (SELECT name FROM {schema}.raw_formats WHERE code = log.format_code) AS format,
    (SELECT name FROM {schema}.raw_qualities WHERE code = log.quality_code) AS quality
FROM {schema}.raw_usage_logs AS log
WHERE log.user_code = (SELECT code FROM {schema}.raw_users WHERE id = (SELECT id FROM temp.{prefix}scope));

CREATE TEMP VIEW {prefix}profiles AS
SELECT user_id AS id, username
FROM {schema}.raw_profiles
WHERE user_id = (SELECT id FROM temp.{prefix}scope);

CREATE TEMP VIEW {prefix}user_roles AS
SELECT user_id, role
FROM {schema}.raw_user_roles
WHERE user_id = (SELECT id FROM temp.{prefix}scope);

-- All that may be named. LIMIT keeps SQLite from folding a view into the question: it would try a
-- question's conditions on hidden rows before the rule, and one that fails on a value tells of it.
CREATE TEMP VIEW usage_logs AS
SELECT id, user_id, action, credits_nano, metadata, created_at_us, format, quality
FROM temp.{prefix}usage_logs
LIMIT -1;

CREATE TEMP VIEW profiles AS
SELECT id, username
FROM temp.{prefix}profiles
LIMIT -1;

CREATE TEMP VIEW user_roles AS
SELECT user_id, role
FROM temp.{prefix}user_roles
LIMIT -1;
