-- `auth.uid()` is NULL, and NULL is no owner.
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
WHERE FALSE;

CREATE TEMP VIEW {prefix}profiles AS
SELECT user_id AS id, username
FROM {schema}.raw_profiles
WHERE FALSE;

CREATE TEMP VIEW {prefix}user_roles AS
SELECT user_id, role
FROM {schema}.raw_user_roles
WHERE FALSE;

-- All that may be named.
CREATE TEMP VIEW usage_logs AS
SELECT id, user_id, action, credits_nano, metadata, created_at_us, format, quality
FROM temp.{prefix}usage_logs;

CREATE TEMP VIEW profiles AS
SELECT id, username
FROM temp.{prefix}profiles;

CREATE TEMP VIEW user_roles AS
SELECT user_id, role
FROM temp.{prefix}user_roles;
