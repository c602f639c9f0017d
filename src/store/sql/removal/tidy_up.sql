-- What is said of rows that are no more.
DELETE FROM raw_former_logs
WHERE NOT EXISTS (SELECT 1 FROM raw_usage_logs AS log WHERE log.id = raw_former_logs.id);

-- A version that was taken for a row that has gone can be taken again.
UPDATE raw_conflicts
SET taken_at_us = NULL, taken_by = NULL
WHERE taken_at_us IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM raw_usage_logs AS log WHERE log.id = raw_conflicts.id);

-- Values that no row has any more, as far as the codes stay without gaps.
DELETE FROM raw_users
WHERE code > (SELECT coalesce(max(user_code), 0) FROM raw_usage_logs);
DELETE FROM raw_actions
WHERE code > (SELECT coalesce(max(action_code), 0) FROM raw_usage_logs);
DELETE FROM raw_formats
WHERE code > (SELECT coalesce(max(format_code), 0) FROM raw_usage_logs);
DELETE FROM raw_qualities
WHERE code > (SELECT coalesce(max(quality_code), 0) FROM raw_usage_logs);
