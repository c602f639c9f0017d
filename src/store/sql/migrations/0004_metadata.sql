-- Columns of metadata keys, made when somebody first asks for a key.

-- The values of a key, 65,536 rows at a time, in the order of the other columns: that of time, and of one
-- time that of arrival. They are believed only while `generation` is that of the rows.
CREATE TABLE raw_metadata_segments (
    key        TEXT NOT NULL,
    nth        INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    rows       INTEGER NOT NULL,
    -- CRC-32 of `data`.
    checksum   INTEGER NOT NULL,
    data       BLOB NOT NULL,
    PRIMARY KEY (key, nth)
) STRICT;

-- The heads of all segments together: which of them a question reaches into is then found on a page or two,
-- and not at the beginnings of the segments, all over the file.
CREATE INDEX raw_column_segments_heads ON raw_column_segments (kind, nth, rows, min_time_us, max_time_us);
