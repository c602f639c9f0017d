UPDATE raw_former_states
SET former_batch = ?4, value = ?5
WHERE kind = ?1
  AND user_id = ?2
  AND nth = ?3
