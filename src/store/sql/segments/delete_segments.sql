DELETE FROM raw_column_segments
WHERE kind = ?1
