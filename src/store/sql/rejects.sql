SELECT batch, table_name, row, line, column_name, reason, raw
FROM raw_rejects
WHERE ?1 IS NULL OR batch = ?1
ORDER BY rowid
LIMIT ?2
