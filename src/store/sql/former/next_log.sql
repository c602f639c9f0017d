SELECT nth, user_id IS NOT NULL AS is_whole
FROM raw_former_logs
WHERE id = ?1
  AND nth > ?2
ORDER BY nth
LIMIT 1
