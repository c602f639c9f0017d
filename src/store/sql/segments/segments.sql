SELECT rows, min_time_us, max_time_us, max_abs_nano, checksum, data
FROM raw_column_segments
WHERE kind = ?1
  AND ?2 <= max_time_us
  AND min_time_us < ?3
ORDER BY nth
