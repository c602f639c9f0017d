SELECT nth, rows, checksum, data
FROM raw_metadata_segments
WHERE key = ?1
  AND generation = ?2
ORDER BY nth
