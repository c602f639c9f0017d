INSERT INTO raw_metadata_segments (key, nth, generation, rows, checksum, data)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
