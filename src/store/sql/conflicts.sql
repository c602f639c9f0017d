SELECT batch, table_name, row, line, id, reason, raw
FROM raw_conflicts
WHERE batch = ?1
ORDER BY rowid
LIMIT ?2
