SELECT batch, table_name, row, line, column_name, reason, raw
FROM raw_rejects
ORDER BY batch DESC, rowid
LIMIT ?1
