DELETE FROM raw_repeats
WHERE ?1 IN (batch, of_batch)
