UPDATE raw_former_logs
SET (credits_nano, created_at_us, user_id, action, format, quality, metadata) = (
    SELECT credits_nano, created_at_us, user_id, action, format, quality, metadata
    FROM raw_former_logs
    WHERE id = ?1
      AND nth = ?3
)
WHERE id = ?1
  AND nth = ?2
