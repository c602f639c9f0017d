-- The index of the heads tells which they are; only then is a segment itself looked at.
SELECT
    segment.rows AS rows,
    segment.min_time_us AS min_time_us,
    segment.max_time_us AS max_time_us,
    segment.max_abs_nano AS max_abs_nano,
    segment.checksum AS checksum,
    segment.data AS data
FROM raw_column_segments AS head
CROSS JOIN raw_column_segments AS segment ON segment.rowid = head.rowid
WHERE head.kind = ?1
  AND ?2 <= head.max_time_us
  AND head.min_time_us < ?3
ORDER BY head.nth
