DELETE FROM raw_usage_logs
WHERE rowid > ?2
  AND rowid <= ?3
  AND batch = ?1
