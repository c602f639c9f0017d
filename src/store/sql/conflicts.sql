SELECT
    batch, table_name, row, line, id, reason, raw, user_id, action, credits_nano, created_at_us, format, quality,
    metadata, taken_at_us, taken_by
FROM raw_conflicts
WHERE ?1 IS NULL OR batch = ?1
ORDER BY rowid
LIMIT ?2
