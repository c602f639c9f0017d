-- The batch stays that in which the row came.
UPDATE raw_usage_logs
SET user_code = ?2, action_code = ?3, format_code = ?4, quality_code = ?5, credits_nano = ?6,
    created_at_us = ?7, metadata = ?8
WHERE id = ?1
