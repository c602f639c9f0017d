SELECT batch
FROM raw_former_states
WHERE kind = ?1
  AND user_id = ?2
ORDER BY nth DESC
LIMIT 1
