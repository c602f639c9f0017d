INSERT OR REPLACE INTO raw_column_state (one, generation, segments_of, base_rows, tail_rows)
VALUES (1, ?1, ?1, ?2, ?3)
