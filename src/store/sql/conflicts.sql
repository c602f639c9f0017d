SELECT batch, table_name, row, line, id, reason, raw
FROM raw_conflicts
ORDER BY batch DESC, rowid
LIMIT ?1
