DELETE FROM raw_metadata_segments
WHERE key = ?1
