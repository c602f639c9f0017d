INSERT INTO raw_column_segments (kind, nth, rows, min_time_us, max_time_us, max_abs_nano, checksum, data)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
