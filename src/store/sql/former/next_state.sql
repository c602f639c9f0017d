-- What came after the change ?4, or, where the batch ?3 was the first to say anything, after that.
SELECT nth
FROM raw_former_states
WHERE kind = ?1
  AND user_id = ?2
  AND iif(?4 IS NULL, former_batch = ?3, nth > ?4)
ORDER BY nth
LIMIT 1
