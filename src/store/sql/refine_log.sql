-- The batch stays that in which the row came.
UPDATE raw_usage_logs
SET credits_nano = ?2, created_at_us = ?3
WHERE id = ?1
