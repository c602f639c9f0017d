UPDATE raw_former_logs
SET credits_nano = ?3, created_at_us = ?4
WHERE id = ?1
  AND nth = ?2
