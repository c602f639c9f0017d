SELECT CAST(total(rows) AS INTEGER) AS rows
FROM raw_column_segments
WHERE kind = ?1
