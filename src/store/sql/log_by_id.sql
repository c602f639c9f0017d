SELECT
    log.id AS id,
    user.id AS user_id,
    action.name AS action,
    log.credits_nano AS credits_nano,
    log.metadata AS metadata,
    log.created_at_us AS created_at_us,
    format.name AS format,
    quality.name AS quality,
    log.batch AS batch,
    log.rowid AS number
FROM raw_usage_logs AS log
JOIN raw_users AS user ON user.code = log.user_code
JOIN raw_actions AS action ON action.code = log.action_code
LEFT JOIN raw_formats AS format ON format.code = log.format_code
LEFT JOIN raw_qualities AS quality ON quality.code = log.quality_code
WHERE log.id = ?1
