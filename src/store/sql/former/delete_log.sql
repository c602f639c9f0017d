DELETE FROM raw_former_logs
WHERE id = ?1
  AND nth = ?2
