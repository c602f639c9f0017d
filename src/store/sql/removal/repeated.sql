SELECT batch, rows
FROM raw_repeats
WHERE of_batch = ?1
ORDER BY batch
