SELECT batch, id, user_id, action, credits_nano, created_at_us, format, quality, metadata, taken_at_us
FROM raw_conflicts
WHERE rowid = ?1
