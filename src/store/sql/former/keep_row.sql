INSERT INTO raw_former_logs
    (id, nth, batch, changed_at_us, changed_by, credits_nano, created_at_us, user_id, action, format, quality,
     metadata)
SELECT
    log.id,
    (SELECT coalesce(max(nth), 0) + 1 FROM raw_former_logs WHERE id = ?1),
    ?2,
    ?3,
    ?4,
    log.credits_nano,
    log.created_at_us,
    user.id,
    action.name,
    format.name,
    quality.name,
    log.metadata
FROM raw_usage_logs AS log
JOIN raw_users AS user ON user.code = log.user_code
JOIN raw_actions AS action ON action.code = log.action_code
LEFT JOIN raw_formats AS format ON format.code = log.format_code
LEFT JOIN raw_qualities AS quality ON quality.code = log.quality_code
WHERE log.id = ?1
