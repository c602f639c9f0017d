DELETE FROM raw_former_states
WHERE kind = ?1
  AND user_id = ?2
  AND nth = ?3
