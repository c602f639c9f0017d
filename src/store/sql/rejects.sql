SELECT batch, table_name, row, line, column_name, reason, raw
FROM raw_rejects
WHERE batch = ?1
ORDER BY rowid
LIMIT ?2
