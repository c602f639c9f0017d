INSERT INTO raw_repeats (batch, of_batch, rows)
VALUES (?1, ?2, ?3)
