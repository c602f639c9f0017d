SELECT rowid AS number, id
FROM raw_conflicts
WHERE table_name = 'usage_logs'
  AND (?1 IS NULL OR batch = ?1)
ORDER BY rowid
