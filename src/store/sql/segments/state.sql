SELECT generation, segments_of, base_rows, tail_rows
FROM raw_column_state
