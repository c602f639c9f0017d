-- The row as it was before the version of this batch was taken.
SELECT id, user_id, action, credits_nano, metadata, created_at_us, format, quality
FROM raw_former_logs
WHERE id = ?1
  AND batch = ?2
  AND user_id IS NOT NULL
ORDER BY nth
LIMIT 1
